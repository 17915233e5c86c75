using System.Net;
using System.Text;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>Answers in order; keeps what was asked.</summary>
internal sealed class FakeServer : DelegatingHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(string Request, string? Authorization, string Body)> Requests { get; } = [];

    public bool Hangs { get; set; }

    public FakeServer Answer(HttpStatusCode code, string body, string? retryAfter = null, string? warning = null)
    {
        _answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (retryAfter is not null)
            {
                answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            }

            if (warning is not null)
            {
                answer.Headers.TryAddWithoutValidation("Warning", warning);
            }

            return answer;
        });
        return this;
    }

    public FakeServer AnswerStream(Stream stream)
    {
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) });
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(($"{request.Method} {request.RequestUri!.PathAndQuery}", request.Headers.Authorization?.ToString(), body));
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return _answers.Dequeue()();
    }
}
