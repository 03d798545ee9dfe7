using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VendorPortal.Exports;

namespace VendorPortal.Analytics;

/// <summary>A part as it was written.</summary>
internal sealed record WrittenPart(string File, long Rows, long Bytes, byte[] Sha256);

/// <summary>
/// Writes rows of CSV (RFC 4180, CRLF, guarded cells) into temporary files of a folder: a new one, with the header again, where a row would make one larger than
/// <paramref name="maxBytes"/>. Disposing removes what nobody has taken away. Not thread-safe.
/// </summary>
internal sealed class ReportSheet(string folder, string header, long maxBytes) : IDisposable
{
    private const int WriteAt = 64 * 1024;

    private readonly byte[] headerLine = Encoding.ASCII.GetBytes(header + "\r\n");
    private readonly List<WrittenPart> parts = [];
    private readonly List<string> files = [];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStream? file;
    private byte[] buffer = new byte[WriteAt + 4096];
    private int length;
    private int rowStart;
    private bool isInRow;
    private long rows;
    private long bytes;

    /// <summary>A text as a cell; what is written again and again is encoded once.</summary>
    public Func<string, byte[]> Encode { get; } = CsvCells.Encoder();

    /// <summary>Adds a cell to the row at hand.</summary>
    public void Cell(ReadOnlySpan<byte> cell)
    {
        Separate();
        cell.CopyTo(Room(cell.Length));
        length += cell.Length;
    }

    public void Cell(string text) => Cell(Encode(text));

    public void Cell(long number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        length += written;
    }

    /// <summary>A time in UTC, in this form.</summary>
    public void Cell(DateTime utc, string format)
    {
        Separate();
        utc.TryFormat(Room(32), out var written, format, CultureInfo.InvariantCulture);
        length += written;
    }

    public void EndRow()
    {
        "\r\n"u8.CopyTo(Room(2));
        length += 2;
        if (file is null || (rows > 0 && bytes + length > maxBytes))
            Begin();
        rows++;
        (rowStart, isInRow) = (length, false);
        if (length >= WriteAt)
            Flush();
    }

    /// <summary>Ends the last part; there is at least one, and it has a header.</summary>
    public IReadOnlyList<WrittenPart> Finish()
    {
        if (file is null)
            Begin();
        End();
        return parts;
    }

    public void Dispose()
    {
        file?.Dispose();
        hash.Dispose();
        foreach (var left in files)
            File.Delete(left);
    }

    // The row at hand is the first of the new part.
    private void Begin()
    {
        var row = buffer.AsSpan(rowStart, length - rowStart).ToArray();
        length = rowStart;
        if (file is not null)
            End();
        var path = Path.Combine(folder, Path.GetRandomFileName() + ".tmp");
        files.Add(path);
        file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        (rows, bytes, length, rowStart) = (0, 0, 0, 0);
        headerLine.CopyTo(Room(headerLine.Length));
        length += headerLine.Length;
        row.CopyTo(Room(row.Length));
        length += row.Length;
    }

    private void End()
    {
        Flush();
        file!.Flush(flushToDisk: true);
        file.Dispose();
        parts.Add(new WrittenPart(file.Name, rows, bytes, hash.GetHashAndReset()));
        file = null;
    }

    private void Flush()
    {
        hash.AppendData(buffer, 0, length);
        file!.Write(buffer, 0, length);
        bytes += length;
        (length, rowStart) = (0, 0);
    }

    private void Separate()
    {
        if (isInRow)
        {
            Room(1)[0] = (byte)',';
            length++;
        }

        isInRow = true;
    }

    private Span<byte> Room(int more)
    {
        if (buffer.Length - length < more)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        return buffer.AsSpan(length);
    }
}
