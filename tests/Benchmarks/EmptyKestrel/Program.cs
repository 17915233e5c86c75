using System.Globalization;
using IrisOperator.EmptyKestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

// empty-kestrel bare|minimal PORT: both read no request and answer the same bytes as the server does for one flower.
var port = int.Parse(args[1], CultureInfo.InvariantCulture);
if (args[0] == "bare")
{
    var options = new KestrelServerOptions { AddServerHeader = false };
    options.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http1);
    var loggers = NullLoggerFactory.Instance;
    using var server = new KestrelServer(
        Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    await server.StartAsync(new EmptyApplication(), CancellationToken.None);
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options => options.ListenAnyIP(port));
var app = builder.Build();
app.MapPost("/api/predict", async context =>
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = EmptyApplication.Body.Length;
    await context.Response.BodyWriter.WriteAsync(EmptyApplication.Body);
});
await app.RunAsync();
