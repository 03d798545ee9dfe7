using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
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

    [Fact]
    public void Reclassify_AfterTheLogWasSpoilt_GivesThePullsOfTheLiveOneAlsoWhenKilled() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(
            (from delivery in Deliveries() from kills in Gen.ListOf(Gen.Choose(1, 4), 3) from spoil in Gen.Choose(0, Spoilers.Length - 1) select (delivery, kills, spoil)).ToArbitrary(),
            sample => RunAsync(sample.delivery, vendorId => ReclassifyAsync(vendorId, Spoilers[sample.spoil], [.. sample.kills])).GetAwaiter().GetResult()));

    // What an earlier version, a fault or a lost table may have left.
    private static readonly string[] Spoilers =
    [
        "DELETE FROM Pulls WHERE VendorId = {0}",
        "DELETE FROM Pulls WHERE VendorId = {0} AND (Id >> 8) % 2 = 0",
        "UPDATE Pulls SET Kind = 3, Rule = 1, Ruleset = 1, Requests = 1 WHERE VendorId = {0}",
        "DELETE FROM Pulls WHERE VendorId = {0} AND Kind = 4; UPDATE RegistryRequests SET PullId = 0 WHERE VendorId = {0} AND Status > 400",
        "UPDATE RegistryRequests SET PullId = Id WHERE VendorId = {0}",
        "DELETE FROM DailyArtifactPulls WHERE VendorId = {0}",
    ];

    private async Task ReclassifyAsync(int vendorId, string spoil, int[] kills)
    {
        using (var connection = store.Database.OpenWriter())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = string.Format(System.Globalization.CultureInfo.InvariantCulture, spoil, vendorId);
            command.ExecuteNonQuery();
        }

        var time = new ManualTimeProvider(new DateTimeOffset(RequestGenerators.Start).AddMinutes(30));
        var reclassifier = new Reclassifier(store.Database, store.Contexts, new PullNotifications(NullLogger<PullNotifications>.Instance), time);
        await reclassifier.BeginAsync(vendorId, null, null, CancellationToken.None);
        for (var run = 0; ; run++)
        {
            using var engine = new ClassificationEngine(store.Database, store.Contexts, time) { PageRows = 4 };
            await engine.ResumeAsync(CancellationToken.None);
            for (var call = 0; run >= kills.Length || call < kills[run]; call++)
            {
                await engine.ReclassifyAsync(CancellationToken.None);
                if (run < kills.Length && call == kills[run] - 1)
                    break; // killed between loading and writing
                await engine.WriteFinalAsync(CancellationToken.None);
                if (!engine.IsReclassifying)
                    return;
            }
        }
    }

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

    private async Task RunAsync(Delivery delivery, Func<int, Task>? afterwards = null)
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
        if (afterwards is not null)
            await afterwards(vendorId);
        await AssertStoreAsync(vendorId, delivery.Requests);
    }

    private async Task AssertStoreAsync(int vendorId, RegistryRequest[] requests)
    {
        var actions = requests
            .Select((request, i) => (request, facts: RequestGenerators.Facts(request, i)))
            .GroupBy(r => r.request.User, r => r.facts, StringComparer.Ordinal)
            .SelectMany(key => PullClassifier.Classify([.. key], RequestGenerators.Graph()).Select(action => (User: key.Key!, Action: action)))
            .ToList();
        var expected = actions.Where(a => !a.Action.IsForgiven)
            .Select(a => Describe(
                PullIds.TimeOf(PullIds.FirstOf(new DateTime(a.Action.Start.Ticks, DateTimeKind.Utc))), a.User, a.Action.Kind, a.Action.Rule, a.Action.Tag ?? a.Action.Start.Digest!,
                a.Action.Root, a.Action.Status, a.Action.Requests.Count))
            .Order(StringComparer.Ordinal)
            .ToList();

        await using var context = store.Contexts.ForVendor(vendorId);
        var pulls = await (
            from pull in context.Pulls
            join user in context.RegistryUsers on pull.UserId equals user.Id
            join version in context.Versions on pull.VersionId equals version.Id
            from digest in context.Versions.Where(v => v.Id == pull.DigestId).DefaultIfEmpty()
            select new { pull, user.Principal, Version = version.Name, Digest = digest == null ? null : digest.Name }).ToListAsync();
        var journal = await context.RegistryRequests.ToListAsync();
        var days = await context.DailyArtifactPulls.ToListAsync();

        Assert.Equal(expected, pulls
            .Select(p => Describe(PullIds.TimeOf(p.pull.Id), p.Principal, p.pull.Kind, p.pull.Rule, p.Version, p.Digest, p.pull.Status, p.pull.Requests))
            .Order(StringComparer.Ordinal));
        Assert.Equal(requests.Length, journal.Count);
        Assert.Equal(actions.Where(a => a.Action.IsForgiven).Sum(a => a.Action.Requests.Count), journal.Count(r => r.PullId == JournalRequest.Forgiven));
        Assert.Equal(
            pulls.ToDictionary(p => p.pull.Id, p => p.pull.Requests),
            journal.Where(r => r.PullId != JournalRequest.Forgiven).GroupBy(r => r.PullId!.Value).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.PullByTag), days.Sum(d => d.Tag));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.PullByDigest), days.Sum(d => d.Digest));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.VersionCheck), days.Sum(d => d.Checks));
        Assert.Equal(pulls.Count(p => p.pull.Kind == PullKind.Denied), days.Sum(d => d.Denied));
    }

    private static string Describe(DateTime at, string user, PullKind kind, PullRule rule, string reference, string? digest, int? status, int requests) =>
        $"{at:O} {user} {kind} {rule} {reference} {digest} {status} {requests}";

    private sealed record Step(int Size, int WaitMs, bool Restart, int Repeat);

    private sealed record Delivery(RegistryRequest[] Requests, int[] Order, Step[] Steps, int GraphAt);
}
