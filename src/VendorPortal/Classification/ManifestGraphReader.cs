using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;

namespace VendorPortal.Classification;

/// <summary>Reads the manifests a vendor's feeds have told of.</summary>
internal static class ManifestGraphReader
{
    public static async Task<ManifestGraph> ReadAsync(PortalDbContext context, CancellationToken ct)
    {
        var graph = new ManifestGraph();
        var children = await context.ManifestChildren.Select(c => new { c.ParentDigest, c.ChildDigest }).ToListAsync(ct);
        foreach (var group in children.GroupBy(c => c.ParentDigest, c => c.ChildDigest, StringComparer.Ordinal))
            graph.Learn(group.Key, group);
        foreach (var digest in await context.Manifests.Where(m => m.ChildrenKnown).Select(m => m.Digest).ToListAsync(ct))
            graph.Learn(digest, []);
        return graph;
    }
}
