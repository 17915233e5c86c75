using System.Security.Cryptography;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// A blob whose length and digest are checked by the time its end is read. What was read before that is not to be trusted yet.
/// </summary>
internal sealed class VerifiedStream(Stream inner, string asked, Descriptor expected) : AsyncReadStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _verified;

    public override long Length => expected.Size;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _verified)
        {
            return 0;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        _read += read;
        if (_read > expected.Size || (read == 0 && _read < expected.Size))
        {
            throw Mismatch(read == 0
                ? $"it has only {_read} bytes instead of {expected.Size}"
                : $"it has more than {expected.Size} bytes instead of {expected.Size}");
        }

        _hash.AppendData(buffer.Span[..read]);
        if (read == 0)
        {
            var actual = Digest.FromHash(_hash.GetHashAndReset());
            _verified = actual == expected.Digest ? true : throw Mismatch($"its digest is {actual}");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private RegistryException Mismatch(string how) => new(
        RegistryProblem.DigestMismatch,
        $"{asked}: the content is not {expected.Digest}: {how}; the registry's storage is damaged or it lies");
}
