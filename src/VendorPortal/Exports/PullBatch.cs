using System.Data.Common;
using VendorPortal.Reports;
using VendorPortal.Segments;

namespace VendorPortal.Exports;

/// <summary>
/// Rows on their way into an export, by column, newest first; filled again and again. What the segments hold comes from them, only what
/// they lack is read from the log. Its memory is bounded, however long the log is and however many names it has.
/// </summary>
internal sealed class PullBatch
{
    // A segment is taken as a whole; sparse ones are gathered up to here.
    private const int EnoughRows = 8_192;
    private const int MaxRows = EnoughRows + SegmentLimits.MaxRows;
    private const int MaxRememberedBytes = 24 * 1024 * 1024;

    private readonly long[] ids = new long[MaxRows];
    private readonly int[] kinds = new int[MaxRows];
    private readonly DimensionCells[] dimensions;
    private readonly int[][] slots;
    private readonly PullDetails? details;

    // Of the segment at hand: its ids, the places of the rows that are kept, and for each code the slot of its value.
    private readonly long[] segmentIds = new long[SegmentLimits.MaxRows];
    private readonly ushort[] places = new ushort[SegmentLimits.MaxRows];
    private readonly int[] slotOfCode = new int[SegmentLimits.MaxRows];

    public PullBatch(PullLayout layout)
    {
        dimensions = [.. Dimension.All.Where(d => d.Columns.Any(layout.Has)).Select(d => new DimensionCells(d, layout))];
        slots = [.. dimensions.Select(_ => new int[MaxRows])];
        if (layout.Has(PullColumn.Digest) || layout.Has(PullColumn.Requests))
            details = new PullDetails(dimensions.Single(d => d.Dimension == Dimension.Versions), MaxRows);
    }

    public int Rows { get; private set; }

    public ReadOnlySpan<long> Ids => ids.AsSpan(0, Rows);

    /// <summary>The kinds as numbers.</summary>
    public ReadOnlySpan<int> Kinds => kinds.AsSpan(0, Rows);

    /// <summary>What only the log knows; null where the layout does not ask for it.</summary>
    public PullDetails? Details => details;

    /// <summary>Where the cells of a column are found: its dimension, its place there, and the slots of the rows.</summary>
    public (DimensionCells Values, int Place, int[] Slots) Cells(PullColumn column)
    {
        var at = Array.FindIndex(dimensions, d => d.Dimension.Columns.Contains(column));
        return (dimensions[at], Array.IndexOf(dimensions[at].Dimension.Columns, column), slots[at]);
    }

    /// <summary>Reads the newest rows of a selection, in the snapshot of the connection; returns what is left of it, null where nothing is.</summary>
    public PullSelection? Fill(DbConnection connection, PullSelection selection)
    {
        var forget = dimensions.Sum(d => d.Bytes) > MaxRememberedBytes;
        foreach (var dimension in dimensions)
            dimension.Begin(forget);
        Rows = 0;
        PullSelection? rest = null;
        LogScan.While(connection, selection, (scan, segment) =>
        {
            var count = Take(scan.Rows(segment));
            if (count > 0)
                Add(segment, places.AsSpan(0, count));
            if (count > 0 && details is not null)
                details.Read(connection, selection.VendorId, segment, ids, Rows - count, count);
            rest = Rows >= EnoughRows ? selection.Below(segment.FirstId) : null;
            return rest is null;
        });
        foreach (var dimension in dimensions)
            dimension.Fetch(connection, selection.VendorId);
        return rest;
    }

    // Newest first, as everything here.
    private int Take(ReadOnlySpan<ushort> rows)
    {
        rows.CopyTo(places);
        places.AsSpan(0, rows.Length).Reverse();
        return rows.Length;
    }

    private void Add(PullSegment segment, ReadOnlySpan<ushort> rows)
    {
        segment.Ids(segmentIds.AsSpan(0, rows[0] + 1));
        for (var i = 0; i < rows.Length; i++)
            ids[Rows + i] = segmentIds[rows[i]];
        segment.Codes(SegmentColumn.Kind).Values(segment.Dictionary(SegmentColumn.Kind).Values, rows, kinds.AsSpan(Rows, rows.Length));
        for (var i = 0; i < dimensions.Length; i++)
            AddSlots(segment, rows, dimensions[i], slots[i].AsSpan(Rows, rows.Length));
        Rows += rows.Length;
    }

    private void AddSlots(PullSegment segment, ReadOnlySpan<ushort> rows, DimensionCells values, Span<int> into)
    {
        var dictionary = segment.Dictionary(values.Dimension.Source).Values;
        segment.Codes(values.Dimension.Source).Of(rows, into);
        slotOfCode.AsSpan(0, dictionary.Length).Fill(-1);
        foreach (ref var code in into)
        {
            ref var slot = ref slotOfCode[code];
            if (slot < 0)
                slot = values.SlotOf(dictionary[code]);
            code = slot;
        }
    }
}
