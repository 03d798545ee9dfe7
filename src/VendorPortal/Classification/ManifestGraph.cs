namespace VendorPortal.Classification;

/// <summary>Whether a manifest is listed in an index, as far as is known.</summary>
public enum Childness
{
    Unknown,
    Yes,
    No,
}

/// <summary>
/// Index → children and back, learned from what registries tell. Content-addressed, so an edge is never wrong and never forgotten.
/// Safe for concurrent readers; one writer.
/// </summary>
public sealed class ManifestGraph
{
    /// <summary>The graph of the strict mode: nothing is known of any manifest.</summary>
    public static readonly ManifestGraph Empty = new();

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string[]> children = new(StringComparer.Ordinal);

    // A digest and the first index that was seen to list it, then others; most have one.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string[]> parents = new(StringComparer.Ordinal);

    /// <summary>Learns the children of a manifest; none for a single-platform manifest. Returns false where that was known already.</summary>
    public bool Learn(string digest, IEnumerable<string> childDigests)
    {
        string[] listed = [.. childDigests];
        if (!children.TryAdd(digest, listed))
            return false;
        foreach (var child in listed)
            parents.AddOrUpdate(child, _ => [digest], (_, known) => [.. known, digest]);
        return true;
    }

    /// <summary>Whether some index is known to list both.</summary>
    public bool AreSiblings(string digest, string other) =>
        digest != other && parents.TryGetValue(digest, out var indexes) && Array.Exists(indexes, index => Array.IndexOf(children[index], other) >= 0);

    public bool Knows(string digest) => children.ContainsKey(digest);

    /// <summary>Whether <paramref name="digest"/> is a descendant of <paramref name="parent"/> (R15: transitive, three-valued).</summary>
    public Childness IsChild(string? parent, string? digest)
    {
        if (parent is null || digest is null || !children.TryGetValue(parent, out var direct))
            return Childness.Unknown;
        return Contains(direct, digest, 0, null) ? Childness.Yes : Childness.No;
    }

    // Digests cannot form a cycle; depth and what was seen guard against forged events that claim one.
    private bool Contains(string[] direct, string digest, int depth, HashSet<string>? seen)
    {
        if (Array.IndexOf(direct, digest) >= 0)
            return true;
        if (depth == 8)
            return false;
        foreach (var child in direct)
        {
            if (children.TryGetValue(child, out var next) && next.Length > 0 && (seen ??= new(StringComparer.Ordinal)).Add(child) && Contains(next, digest, depth + 1, seen))
                return true;
        }

        return false;
    }
}
