using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;

namespace VendorPortal.Classification;

/// <summary>Reads the manifests a vendor's feeds have told of.</summary>
internal static class ManifestGraphReader
{
    public static async Task<ManifestGraph> ReadAsync(PortalDbContext context, CancellationToken ct)
    {
        var graph = new ManifestGraph();
        await ReadIntoAsync(graph, context, ct);
        return graph;
    }

    /// <summary>Adds what a graph does not know.</summary>
    public static async Task ReadIntoAsync(ManifestGraph graph, PortalDbContext context, CancellationToken ct)
    {
        // A manifest is stored with its children: those of a manifest read before are there, while one that comes between has none yet.
        var known = await context.Manifests.Where(m => m.ChildrenKnown).Select(m => m.Digest).ToListAsync(ct);
        var children = await context.ManifestChildren.Select(c => new { c.ParentDigest, c.ChildDigest }).ToListAsync(ct);
        foreach (var group in children.GroupBy(c => c.ParentDigest, c => c.ChildDigest, StringComparer.Ordinal))
            graph.Learn(group.Key, group);
        foreach (var digest in known)
            graph.Learn(digest, []);
    }
}
