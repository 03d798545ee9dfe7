namespace VendorPortal.Segments;

/// <summary>
/// The columns of a segment, cheapest to read first: a filter looks at them in this order. The numbers are stored.
/// </summary>
public enum SegmentColumn
{
    Labels = 0,
    Kind = 1,
    Artifact = 2,
    Client = 3,
    Customer = 4,
    User = 5,
    Version = 6,
    Address = 7,

    /// <summary>The ids of the pulls, ascending: differences as variable-length numbers.</summary>
    Ids = 8,

    /// <summary>Quarter hours and how many pulls fall into each: pairs of variable-length numbers.</summary>
    Grains = 9,
}

/// <summary>Sizes that the parts of this folder share.</summary>
public static class SegmentLimits
{
    /// <summary>Most pulls of a segment: codes of two bytes reach this far.</summary>
    public const int MaxRows = 65_536;

    /// <summary>Most pulls of a segment that are listed as changed; a segment is built so much smaller that there is room for them.</summary>
    public const int MaxChanges = 2_048;

    /// <summary>Most pulls of a segment when it is stored: the changes of its range must still fit in.</summary>
    public const int MaxSealed = MaxRows - MaxChanges;

    /// <summary>Columns that hold one number a pull, with a dictionary.</summary>
    public const int Dictionaries = 8;

    public const int Columns = 10;

    /// <summary>Longest body of a column: numbers of ten bytes.</summary>
    public const int MaxBodyBytes = 10 * MaxRows;

    /// <summary>Stands for "unknown" in a dictionary.</summary>
    public const int Unknown = -1;

    /// <summary>Width of a grain in ids: a quarter of an hour. Every offset of a time zone is a multiple of it.</summary>
    public const long Grain = 15 * 60 * 1000L << 8;
}
