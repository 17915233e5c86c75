using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace IrisOperator.EmptyKestrel;

/// <summary>The least that Kestrel can be asked for: one fixed answer, no host, no middleware, no routing.</summary>
internal sealed class EmptyApplication : IHttpApplication<IFeatureCollection>
{
    public static readonly byte[] Body = "{\"name\":\"versicolor\",\"prediction\":1}"u8.ToArray();

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public Task ProcessRequestAsync(IFeatureCollection context)
    {
        var headers = context.GetRequiredFeature<IHttpResponseFeature>().Headers;
        headers.ContentType = "application/json";
        headers.ContentLength = Body.Length;
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        Body.CopyTo(writer.GetSpan(Body.Length));
        writer.Advance(Body.Length);
        return Task.CompletedTask;
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }
}
