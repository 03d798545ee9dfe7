using System.Security.Cryptography;

namespace VendorPortal.Feeds.Following;

/// <summary>A log that is held open: it is the same file when it is renamed, and still there when it is deleted.</summary>
internal sealed class LogFile : IDisposable
{
    private const int TailBytes = 1_024;
    private const int HashBytes = 16;

    private LogFile(FileStream stream, string? identity) => (Stream, Identity) = (stream, identity);

    public FileStream Stream { get; }

    /// <summary>Null where the system does not tell.</summary>
    public string? Identity { get; }

    public long Length => RandomAccess.GetLength(Stream.SafeFileHandle);

    public DateTime WrittenUtc => File.GetLastWriteTimeUtc(Stream.SafeFileHandle);

    /// <exception cref="IOException">It is missing, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The portal's account may not read it, or it is a folder.</exception>
    public static LogFile Open(string path)
    {
        // Looked at first: a pipe would be waited for when it is opened.
        if (FileStat.Of(path) is { IsRegular: false })
            throw new IOException("it is no regular file");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        return new LogFile(stream, FileStat.Of(stream.SafeFileHandle)?.Identity);
    }

    /// <summary>Hash of the bytes before a position: what was read is still there where it is the same.</summary>
    public byte[] TailAt(long position)
    {
        Span<byte> tail = stackalloc byte[(int)Math.Min(position, TailBytes)];
        var read = 0;
        while (read < tail.Length && RandomAccess.Read(Stream.SafeFileHandle, tail[read..], position - tail.Length + read) is > 0 and var more)
            read += more;
        return SHA256.HashData(tail[..read])[..HashBytes];
    }

    /// <summary>Whether this file still has before <paramref name="position"/> what was read there.</summary>
    public bool Holds(long position, byte[]? tail) => position == 0 || (tail is not null && Length >= position && TailAt(position).AsSpan().SequenceEqual(tail));

    public void Dispose() => Stream.Dispose();
}
