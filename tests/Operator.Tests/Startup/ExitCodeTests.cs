using System.Net;
using IrisOperator.Operator.Startup;
using IrisOperator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IrisOperator.Operator.Tests.Startup;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task a_lease_that_may_not_be_used_ends_with_3_and_is_named()
    {
        await using var server = await StartAsync();
        using var log = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var time = new ManualTimeProvider();
        var command = new CommandLine(name => name == "POD_NAMESPACE" ? "iris-system" : null);
        var arguments = command.Parse(["--leader-elect"])! with { Port = 0 };

        var running = new OperatorProgram(arguments, loggers, time).RunAsync(
            new KubernetesClientConfiguration { Host = server.Urls.Single() });
        await ManualTimeProvider.UntilAsync(() => log.Collector.GetSnapshot().Any(
            record => record.Message.EndsWith("caches are filled", StringComparison.Ordinal)));

        // A round trip for each step: time must not pass faster than the server answers.
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        for (var step = 0; step < 2000 && !running.IsCompleted; step++)
        {
            time.Advance(TimeSpan.FromSeconds(0.25));
            await http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, await running);
        var told = log.Collector.GetSnapshot().Single(record => record.Level == LogLevel.Error);
        Assert.Contains("lease iris-system/iris-operator cannot be used", told.Message, StringComparison.Ordinal);
        Assert.Contains("forbidden here", told.Message, StringComparison.Ordinal);
    }

    /// <summary>An API server with nothing in it, which refuses leases.</summary>
    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var request = context.Request;
            context.Response.ContentType = "application/json";
            if (request.Path.Value!.Contains("/leases", StringComparison.Ordinal))
            {
                context.Response.StatusCode = (int)HttpStatusCode.Forbidden;
                await context.Response.WriteAsync(
                    """{"kind":"Status","code":403,"reason":"Forbidden","message":"forbidden here"}""", context.RequestAborted);
            }
            else if (request.Method == HttpMethods.Post)
            {
                await context.Response.WriteAsync(
                    """{"kind":"SelfSubjectAccessReview","metadata":{},"spec":{},"status":{"allowed":true}}""", context.RequestAborted);
            }
            else if (request.Query.ContainsKey("watch"))
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            else
            {
                await context.Response.WriteAsync(
                    """{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""", context.RequestAborted);
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
