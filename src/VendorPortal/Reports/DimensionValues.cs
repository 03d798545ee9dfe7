namespace VendorPortal.Reports;

/// <summary>An immutable list of values for each dimension; a dimension that is not named has none.</summary>
public sealed record DimensionValues
{
    private static readonly FilterValues[] Empty = [.. Enum.GetValues<FilterDimension>().Select(_ => FilterValues.Empty)];

    /// <summary>No values of any dimension.</summary>
    public static readonly DimensionValues None = new();

    private readonly FilterValues[] values = Empty;

    public FilterValues this[FilterDimension dimension]
    {
        get => values[(int)dimension];
        init => values = Replaced(dimension, value);
    }

    /// <summary>These values with others of one dimension.</summary>
    public DimensionValues With(FilterDimension dimension, FilterValues other) => new(Replaced(dimension, other));

    public bool Equals(DimensionValues? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var list in values)
            hash.Add(list);
        return hash.ToHashCode();
    }

    public DimensionValues()
    {
    }

    private DimensionValues(FilterValues[] values) => this.values = values;

    private FilterValues[] Replaced(FilterDimension dimension, FilterValues other)
    {
        var replaced = (FilterValues[])values.Clone();
        replaced[(int)dimension] = other;
        return replaced;
    }
}
