using System.Buffers.Text;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Exports;

/// <summary>Writes the rows of a batch to a stream, at the pace of its reader: what is written is waited for, and nothing is gathered meanwhile.</summary>
internal sealed class PullRowWriter
{
    private const int WriteAt = 64 * 1024;

    // The longest of what is not a cell: a time in quotes, an id in quotes.
    private const int MaxOwn = 32;

    private readonly PullLayout layout;
    private readonly PullBatch batch;
    private readonly Stream output;
    private readonly ExportTally tally;
    private readonly (DimensionCells? Values, int Place, int[] Slots)[] sources;
    private readonly byte[][] kinds;
    private byte[] buffer = new byte[WriteAt + 4096];
    private int length;
    private long rows;

    public PullRowWriter(PullLayout layout, PullBatch batch, Stream output, ExportTally tally)
    {
        (this.layout, this.batch, this.output, this.tally) = (layout, batch, output, tally);
        sources = [.. layout.Columns.Select(c => c.Column is PullColumn.Id or PullColumn.At or PullColumn.Kind or PullColumn.Requests ? (null, 0, []) : batch.Cells(c.Column))];
        kinds = [layout.Unknown, .. Enum.GetValues<PullKind>().Select(kind => layout.Encode(KindNames.Of(kind)))];
        Append(layout.Header);
    }

    /// <summary>Writes what the batch holds.</summary>
    public async Task WriteAsync(CancellationToken ct)
    {
        for (var row = 0; row < batch.Rows;)
        {
            row = Format(row);
            if (length >= WriteAt)
                await FlushAsync(ct);
        }
    }

    /// <summary>Writes what is left, and the end.</summary>
    public Task EndAsync(CancellationToken ct)
    {
        Append(layout.Footer);
        return FlushAsync(ct);
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await output.WriteAsync(buffer.AsMemory(0, length), ct);
        length = 0;
        tally.Rows = rows;
    }

    // As many rows as the buffer is meant for; returns the next one.
    private int Format(int row)
    {
        for (; row < batch.Rows && length < WriteAt; row++)
        {
            if (rows++ > 0)
                Append(layout.Between);
            for (var i = 0; i < sources.Length; i++)
            {
                var (before, column) = layout.Columns[i];
                Append(before);
                var (values, place, slots) = sources[i];
                if (values is null)
                    AppendOwn(row, column);
                else if (column == PullColumn.Digest && batch.Details!.Digests[row] != DimensionCells.UnknownSlot)
                    Append(values[batch.Details.Digests[row]][0]);
                else
                    Append(values[slots[row]][place]);
            }

            Append(layout.End);
        }

        return row;
    }

    private void AppendOwn(int row, PullColumn column)
    {
        switch (column)
        {
            case PullColumn.Kind:
                Append(kinds[batch.Kinds[row]]);
                break;
            case PullColumn.Requests:
                Utf8Formatter.TryFormat(batch.Details!.Requests[row], Room(), out var digits);
                length += digits;
                break;
            case PullColumn.Id:
                Append(layout.Quote);
                Utf8Formatter.TryFormat(batch.Ids[row], Room(), out digits);
                length += digits;
                Append(layout.Quote);
                break;
            default:
                Append(layout.Quote);
                length += FormatTime(PullIds.TimeOf(batch.Ids[row]), Room());
                Append(layout.Quote);
                break;
        }
    }

    // RFC 3339 in UTC. The round-trip form, which is fast, with three digits of the seven.
    private int FormatTime(DateTime utc, Span<byte> into)
    {
        utc.TryFormat(into, out _, "O", CultureInfo.InvariantCulture);
        var text = into[.."yyyy-MM-ddTHH:mm:ss.fff".Length];
        if (layout.ShortTime)
            text = text.TrimEnd((byte)'0').TrimEnd((byte)'.');
        into[text.Length] = (byte)'Z';
        return text.Length + 1;
    }

    private Span<byte> Room()
    {
        Grow(MaxOwn);
        return buffer.AsSpan(length);
    }

    private void Append(byte[] bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Grow(int by)
    {
        if (buffer.Length - length < by)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + by));
    }
}
