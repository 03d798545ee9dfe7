using System.Collections;
using System.Runtime.CompilerServices;

namespace VendorPortal.Reports;

/// <summary>An immutable set of filter values, kept sorted and without repeats, so that equal filters are equal.</summary>
[CollectionBuilder(typeof(FilterValues), nameof(Create))]
public sealed class FilterValues : IReadOnlyList<string>, IEquatable<FilterValues>
{
    public static readonly FilterValues Empty = new([]);

    private readonly string[] values;

    private FilterValues(string[] values) => this.values = values;

    public int Count => values.Length;

    public string this[int index] => values[index];

    public static FilterValues Create(ReadOnlySpan<string> values) => From(values.ToArray());

    public static FilterValues From(IEnumerable<string> values)
    {
        var distinct = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return distinct.Length == 0 ? Empty : new FilterValues(distinct);
    }

    public bool Contains(string value) => Array.BinarySearch(values, value, StringComparer.Ordinal) >= 0;

    /// <summary>These values with <paramref name="value"/> added, or without it where it was there.</summary>
    public FilterValues Toggle(string value) =>
        Contains(value) ? From(values.Where(v => v != value)) : From(values.Append(value));

    public bool Equals(FilterValues? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => Equals(obj as FilterValues);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in values)
            hash.Add(value, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
