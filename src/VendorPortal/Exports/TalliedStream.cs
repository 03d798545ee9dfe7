namespace VendorPortal.Exports;

/// <summary>Hands on what is written and counts it. Once cut it hands on nothing more, so that what packs cannot make a part look whole.</summary>
internal sealed class TalliedStream(Stream inner, ExportTally tally) : Stream
{
    private bool isCut;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Cut() => isCut = true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isCut)
            return;
        tally.Bytes += buffer.Length; // a reader that goes away may have got a part of it
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Exports are written asynchronously.");

    public override Task FlushAsync(CancellationToken cancellationToken) => isCut ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override void Flush()
    {
        // What is written is waited for; nothing is held here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
