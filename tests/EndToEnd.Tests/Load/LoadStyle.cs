namespace IrisOperator.EndToEnd.Tests.Load;

/// <summary>How a client uses its connections.</summary>
public enum LoadStyle
{
    /// <summary>A pool whose connections live on: hit by a server that closes without saying so.</summary>
    KeepAlive,

    /// <summary>A connection for each request: hit by a Service that names a pod which no longer listens.</summary>
    NewConnection,

    /// <summary>The body follows the head a quarter of a second later: hit by a server that drains too early.</summary>
    SlowBody,
}
