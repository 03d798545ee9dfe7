namespace VendorPortal.Segments;

/// <summary>
/// Rows of a segment: the listed ones, or with <see cref="IsRest"/> all but the listed ones. Whoever counts, counts the list and takes
/// the rest from the dictionary: what a filter leaves out may be less than what it keeps.
/// </summary>
internal readonly ref struct RowSelection(ReadOnlySpan<ushort> listed, bool isRest, int rows)
{
    /// <summary>Ascending.</summary>
    public ReadOnlySpan<ushort> Listed { get; } = listed;

    public bool IsRest { get; } = isRest;

    public int Count => IsRest ? rows - Listed.Length : Listed.Length;

    public bool IsEmpty => Count == 0;

    /// <summary>The selected rows, listed; <paramref name="room"/> is written to where they are not.</summary>
    public ReadOnlySpan<ushort> List(Span<ushort> room)
    {
        if (!IsRest)
            return Listed;
        var (count, row) = (0, 0);
        foreach (var left in Listed)
        {
            while (row < left)
                room[count++] = (ushort)row++;
            row++;
        }

        while (row < rows)
            room[count++] = (ushort)row++;
        return room[..count];
    }
}
