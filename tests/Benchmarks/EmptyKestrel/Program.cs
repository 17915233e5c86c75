using System.Globalization;

// A minimal API that reads no request and answers the same bytes as the server does for one flower.
byte[] answer = [.. "{\"name\":\"versicolor\",\"prediction\":1}"u8];
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options => options.ListenAnyIP(int.Parse(args[0], CultureInfo.InvariantCulture)));
var app = builder.Build();
app.MapPost("/api/predict", async context =>
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.BodyWriter.WriteAsync(answer);
});
await app.RunAsync();
