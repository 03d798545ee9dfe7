using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Classification;

/// <summary>
/// However the same requests are delivered (order, batches, repeats, restarts in between, the graph late), the log, the journal's
/// links and the roll-up end up the same.
/// </summary>
public sealed class ClassificationEngineProperties : IDisposable
{
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void Engine_AnyDeliveryOfTheSameRequests_GivesTheSamePulls() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(Deliveries().ToArbitrary(), delivery => RunAsync(delivery).GetAwaiter().GetResult()));

    private static Gen<Delivery> Deliveries() =>
        from requests in RequestGenerators.Requests(25)
        from order in Gen.Frequency((1, Gen.Constant(Enumerable.Range(0, requests.Length).ToArray())), (1, Gen.Shuffle(Enumerable.Range(0, requests.Length).ToArray())))
        from steps in Gen.ListOf(
            from size in Gen.Choose(1, 6)
            from waitMs in Gen.Elements(0, 0, 200, 3_000, 8_000)
            from restart in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
            from repeat in Gen.Choose(0, 3)
            select new Step(size, waitMs, restart, repeat), 26)
        from graphAt in Gen.Choose(0, 5)
        select new Delivery(requests, order, [.. steps], graphAt);

    private async Task RunAsync(Delivery delivery)
    {
        var vendorId = await store.AddVendorAsync();
        var time = new ManualTimeProvider(new DateTimeOffset(RequestGenerators.Start).AddMinutes(10));
        using var connection = store.Database.OpenWriter();
        using var writer = new JournalWriter(connection);
        var engine = new ClassificationEngine(store.Database, store.Contexts, time);
        var queue = new Queue<RegistryRequest>(delivery.Order.Select(i => delivery.Requests[i]));
        var sent = new List<RegistryRequest>();

        for (var i = 0; queue.Count > 0 || i <= delivery.GraphAt; i++)
        {
            var step = delivery.Steps[i % delivery.Steps.Length];
            var batch = new FeedBatch();
            if (i == delivery.GraphAt)
                batch.Manifests.Add(new ManifestFact(RequestGenerators.Index, "application/vnd.oci.image.index.v1+json", [.. RequestGenerators.Children.Select(c => (c, (string?)null))]));
            for (var n = 0; n < step.Size && queue.TryDequeue(out var request); n++)
                batch.Requests.Add(request);
            batch.Requests.AddRange(sent.TakeLast(step.Repeat));
            sent.AddRange(batch.Requests);

            await engine.AcceptAsync(writer.Write([new JournalPost(vendorId, 1, batch)], time.GetUtcNow().UtcDateTime), CancellationToken.None);
            time.Advance(TimeSpan.FromMilliseconds(step.WaitMs));
            await engine.WriteFinalAsync(CancellationToken.None);
            if (step.Restart)
            {
                engine.Dispose();
                engine = new ClassificationEngine(store.Database, store.Contexts, time);
                await engine.ResumeAsync(CancellationToken.None);
            }
        }

        await engine.ReloadRelearnedAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(30));
        await engine.WriteFinalAsync(CancellationToken.None);
        Assert.Equal(0, engine.Pending);
        engine.Dispose();
        await AssertStoreAsync(vendorId, delivery.Requests);
    }

    private async Task AssertStoreAsync(int vendorId, RegistryRequest[] requests)
    {
        var expected = requests
            .Select((request, i) => (request, facts: RequestGenerators.Facts(request, i)))
            .GroupBy(r => r.request.User, r => r.facts, StringComparer.Ordinal)
            .SelectMany(key => PullClassifier.Classify([.. key], RequestGenerators.Graph()).Select(a => Describe(
                PullIds.TimeOf(PullIds.FirstOf(new DateTime(a.Start.Ticks, DateTimeKind.Utc))), key.Key!, a.Kind, a.Rule, a.Tag ?? a.Start.Digest!, a.Root, a.Requests.Count)))
            .Order(StringComparer.Ordinal)
            .ToList();

        await using var context = store.Contexts.ForVendor(vendorId);
        var pulls = await (
            from pull in context.Pulls
            join user in context.RegistryUsers on pull.UserId equals user.Id
            join version in context.Versions on pull.VersionId equals version.Id
            join digest in context.Versions on pull.DigestId equals digest.Id
            select new { pull, user.Principal, Version = version.Name, Digest = digest.Name }).ToListAsync();
        var journal = await context.RegistryRequests.ToListAsync();
        var days = await context.DailyArtifactPulls.ToListAsync();

        Assert.Equal(expected, pulls
            .Select(p => Describe(PullIds.TimeOf(p.pull.Id), p.Principal, p.pull.Kind, p.pull.Rule, p.Version, p.Digest, p.pull.Requests))
            .Order(StringComparer.Ordinal));
        Assert.Equal(requests.Length, journal.Count);
        Assert.Equal(
            pulls.ToDictionary(p => p.pull.Id, p => p.pull.Requests),
            journal.GroupBy(r => r.PullId!.Value).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.PullByTag), days.Sum(d => d.Tag));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.PullByDigest), days.Sum(d => d.Digest));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.VersionCheck), days.Sum(d => d.Checks));
    }

    private static string Describe(DateTime at, string user, PullKind kind, PullRule rule, string reference, string? digest, int requests) =>
        $"{at:O} {user} {kind} {rule} {reference} {digest} {requests}";

    private sealed record Step(int Size, int WaitMs, bool Restart, int Repeat);

    private sealed record Delivery(RegistryRequest[] Requests, int[] Order, Step[] Steps, int GraphAt);
}
