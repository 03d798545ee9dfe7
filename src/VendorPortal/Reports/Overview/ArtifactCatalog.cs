using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Overview;

/// <summary>An artifact by its name; <paramref name="FromManifests"/> is what it is where no member has chosen.</summary>
public sealed record ArtifactFacts(int Id, string Name, KnownKind Kind, KnownKind FromManifests);

/// <summary>What artifacts there are, and what they are. The vendor comes from the verified sign-in.</summary>
public sealed class ArtifactCatalog(PortalDbContextFactory contexts, PortalDatabase database)
{
    /// <summary>The artifact of a name, written exactly so; null where there is none.</summary>
    public async Task<ArtifactFacts?> FindAsync(int vendorId, string name, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.Artifacts.AsNoTracking().FirstOrDefaultAsync(a => a.Name == name, ct) is { } artifact
            ? new ArtifactFacts(artifact.Id, artifact.Name, ArtifactKinds.Of(artifact.ToldKinds, artifact.ChosenKind), ArtifactKinds.Of(artifact.ToldKinds, chosen: null)) : null;
    }

    /// <summary>Says what an artifact is; null leaves it to its manifests again.</summary>
    /// <exception cref="InputException">There is no such artifact.</exception>
    public Task ChooseKindAsync(int vendorId, int artifactId, ArtifactKind? kind, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        if (kind is { } chosen && !Enum.IsDefined(chosen))
            throw new InputException($"There is no such kind; it is one of {string.Join(", ", ArtifactKinds.Names)}.");
        return await context.Artifacts.Where(a => a.Id == artifactId).ExecuteUpdateAsync(set => set.SetProperty(a => a.ChosenKind, kind), ct) > 0
            ? 0 : throw new InputException("The artifact is no longer there; reload the page.");
    }, ct);
}
