using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Overview;

public sealed class ArtifactKindsTests
{
    private const string OciImage = "application/vnd.oci.image.manifest.v1+json";
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string ImageConfig = "application/vnd.oci.image.config.v1+json";

    [Theory]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json", null, null, null, ArtifactKind.Container)]
    [InlineData("application/vnd.docker.distribution.manifest.list.v2+json", null, null, null, ArtifactKind.Container)]
    [InlineData(OciIndex, null, null, null, ArtifactKind.Container)]
    [InlineData(OciImage, null, null, null, null)]
    [InlineData(OciImage, null, ImageConfig, "application/vnd.oci.image.layer.v1.tar+gzip", ArtifactKind.Container)]
    [InlineData(OciImage, null, "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", ArtifactKind.Helm)]
    [InlineData(OciImage, "application/vnd.cncf.model.manifest.v1+json", "application/vnd.cncf.model.config.v1+json", null, ArtifactKind.Model)]
    [InlineData(OciImage, null, "application/vnd.docker.container.image.v1+json", "application/vnd.ollama.image.model", ArtifactKind.Model)]
    [InlineData(OciImage, "application/vnd.example.dataset.v1", "application/vnd.oci.empty.v1+json", "application/vnd.apache.parquet", ArtifactKind.Dataset)]
    [InlineData(OciImage, "application/vnd.dev.sigstore.bundle.v0.3+json", "application/vnd.oci.empty.v1+json", null, ArtifactKind.Other)]
    [InlineData(OciImage, "application/vnd.unknown.artifact.v1", "application/vnd.oci.empty.v1+json", "application/vnd.oci.image.layer.v1.tar", null)]
    [InlineData("application/vnd.oci.artifact.manifest.v1+json", null, null, null, ArtifactKind.Other)]
    [InlineData("text/plain", null, null, null, null)]
    [InlineData(null, "application/vnd.wasm.content.v1", null, null, ArtifactKind.Other)]
    [InlineData(OciImage, null, "application/vnd.remodeled.config.v1+json", null, ArtifactKind.Other)]
    public void KindOf_Types_IsWhatTheyTell(string? mediaType, string? artifactType, string? configType, string? layerType, ArtifactKind? expected) =>
        Assert.Equal(expected, MediaTypes.KindOf(mediaType, artifactType, configType, layerType));

    [Fact]
    public async Task Of_EveryState_IsTheSameInTheStore()
    {
        using var store = new TestStore();
        var states = (from told in Enumerable.Range(0, 32).Select(bits => bits << 1) from chosen in ArtifactKinds.All.Cast<ArtifactKind?>().Append(null) select (told, chosen)).ToList();
        await using (var context = store.Contexts.ForVendor(1))
        {
            context.AddRange(states.Select((state, i) => new Artifact { VendorId = 1, Id = i + 1, Name = $"a/{i:000}", ToldKinds = state.told, ChosenKind = state.chosen }));
            await context.SaveChangesAsync();
        }

        var page = await new ActivityReader(store.Database, TimeProvider.System).ReadAsync(
            1, PullFilter.Everything, new OverviewRange(new(2026, 5, 1), new(2026, 5, 2)),
            new ActivityQuery(ActivityGroup.Artifact, ActivityGroup.Customer, ActivitySort.Name, Ascending: true, Search: null, Skip: 0, Take: 1000, WithIdle: true), CancellationToken.None);

        Assert.Equal(states.Select(state => ArtifactKinds.Of(state.told, state.chosen)), page.Lines.Select(line => line.Kind!.Value));
        Assert.Equal(new KnownKind(ArtifactKind.Container, KindSource.Assumed), ArtifactKinds.Of(0, null));
        Assert.Equal(new KnownKind(ArtifactKind.Helm, KindSource.Manifest), ArtifactKinds.Of(Artifact.BitOf(ArtifactKind.Container) | Artifact.BitOf(ArtifactKind.Helm) | Artifact.BitOf(ArtifactKind.Other), null));
    }

    [Fact]
    public async Task ChooseKind_ByAMember_CountsUntilItIsTakenBackAndOnlyForTheVendor()
    {
        using var store = new TestStore();
        new LogBuilder(store).Add([new LoggedPull { Artifact = "acme/app" }, new LoggedPull { Artifact = "acme/app", Vendor = 2 }]);
        var catalog = new ArtifactCatalog(store.Contexts, store.Database);

        await catalog.ChooseKindAsync(1, 1, ArtifactKind.Dataset, CancellationToken.None);

        Assert.Equal(new KnownKind(ArtifactKind.Dataset, KindSource.Member), (await catalog.FindAsync(1, "acme/app", CancellationToken.None))!.Kind);
        Assert.Equal(new KnownKind(ArtifactKind.Container, KindSource.Assumed), (await catalog.FindAsync(2, "acme/app", CancellationToken.None))!.Kind);
        await catalog.ChooseKindAsync(1, 1, null, CancellationToken.None);
        Assert.Equal(KindSource.Assumed, (await catalog.FindAsync(1, "acme/app", CancellationToken.None))!.Kind.Source);
        await Assert.ThrowsAsync<InputException>(() => catalog.ChooseKindAsync(1, 99, ArtifactKind.Helm, CancellationToken.None));
        await Assert.ThrowsAsync<InputException>(() => catalog.ChooseKindAsync(1, 1, (ArtifactKind)9, CancellationToken.None));
    }

    [Fact]
    public void Notification_WithReferences_TellsTheKindOfItsRepository()
    {
        var body = $$$"""
            {"events":[{"id":"e1","timestamp":"2026-05-01T10:00:00Z","action":"push","target":{"mediaType":"{{{OciImage}}}","digest":"{{{RequestGenerators.Digest(1)}}}","repository":"charts/app","tag":"1.0",
            "references":[{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"{{{RequestGenerators.Digest(2)}}}","size":3},{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"{{{RequestGenerators.Digest(3)}}}","size":3}]},
            "request":{"method":"PUT"},"actor":{"name":"ci"}}]}
            """;
        var batch = FeedText.Parse(new DistributionNotifications(100), System.Text.Encoding.UTF8.GetBytes(body), new DateTime(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal([new KindFact("charts/app", ArtifactKind.Helm)], batch.Kinds);
    }

    [Fact]
    public async Task Kinds_ToldByAFeed_AreKeptInAnyOrder()
    {
        foreach (var order in new[] { new[] { ArtifactKind.Container, ArtifactKind.Helm }, [ArtifactKind.Helm, ArtifactKind.Container, ArtifactKind.Helm] })
        {
            using var store = new TestStore();
            var vendor = await store.AddVendorAsync();
            using (var connection = store.Database.OpenWriter())
            using (var writer = new JournalWriter(connection))
            {
                foreach (var kind in order)
                {
                    var batch = new FeedBatch();
                    batch.Kinds.Add(new KindFact("charts/app", kind));
                    writer.Write([new JournalPost(vendor, 1, batch)], new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc));
                }
            }

            var artifact = await new ArtifactCatalog(store.Contexts, store.Database).FindAsync(vendor, "charts/app", CancellationToken.None);
            Assert.Equal(new KnownKind(ArtifactKind.Helm, KindSource.Manifest), artifact!.Kind);
        }
    }
}
