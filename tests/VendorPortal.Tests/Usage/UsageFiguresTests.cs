using Microsoft.EntityFrameworkCore;
using VendorPortal.Tests.Testing;
using VendorPortal.Usage;
using static VendorPortal.Tests.Usage.UsageBench;

namespace VendorPortal.Tests.Usage;

/// <summary>Every figure against brute force over the events, however they arrived and whatever happened since.</summary>
public sealed class UsageFiguresTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Figures_InAnyOrderAndBatches_AreThoseOfTheEvents(int seed)
    {
        await using var bench = await StartAsync();
        var world = new RandomUsage(seed);
        await bench.ListAsync(world.People);
        var told = world.Events(1_500, Now, 100, comesBack: false);
        var random = new Random(seed);

        foreach (var batch in told.OrderBy(_ => random.Next()).Chunk(190))
            bench.Send(batch.Select(e => e.Event));

        Assert.Equal(bench.Expected(told, world.People), await bench.FiguresAsync());
        Assert.NotEqual(0, (await bench.ReadAsync()).OptedOut);
    }

    [Fact]
    public Task Figures_PeopleComeBack_AreThoseOfTheEvents() => RandomSeed.CheckAsync(async seed =>
    {
        await using var bench = await StartAsync();
        var world = new RandomUsage(seed);
        await bench.ListAsync(world.People);
        var told = world.Events(1_200, Now, 95, comesBack: true);

        foreach (var batch in told.Chunk(130))
            bench.Send(batch.Select(e => e.Event));

        Assert.Equal(bench.Expected(told, world.People), await bench.FiguresAsync());
    });

    [Fact]
    public async Task Rebuild_WhateverTheRollUpsSay_CountsTheEvents()
    {
        await using var bench = await StartAsync();
        var world = new RandomUsage(7);
        await bench.ListAsync(world.People);
        var told = world.Events(1_000, Now, 95, comesBack: true);
        foreach (var batch in told.Chunk(100))
            bench.Send(batch.Select(e => e.Event));
        await using (var context = bench.Store.Contexts.ForVendor(bench.VendorId))
        {
            await context.UsageDays.Where(d => d.Day % 3 == 0).ExecuteDeleteAsync();
            await context.UsageDays.ExecuteUpdateAsync(set => set.SetProperty(d => d.Users, d => d.Users + 1).SetProperty(d => d.Count, d => d.Count * 2));
            await context.UsageUserDays.Where(d => d.Day % 4 == 1).ExecuteDeleteAsync();
        }

        Assert.NotEqual(bench.Expected(told, world.People), await bench.FiguresAsync());
        await bench.Rebuild.RunAsync(bench.VendorId, null, default);

        Assert.Equal(bench.Expected(told, world.People), await bench.FiguresAsync());
    }

    [Fact]
    public async Task Listing_SomebodyWhoWasSeen_TakesTheirPastAlong()
    {
        await using var bench = await StartAsync();
        bench.Send(Event("1", "zoe", daysAgo: 3), Event("2", "zoe@initech.example", daysAgo: 2), Event("3", "rob", daysAgo: 1));
        Assert.Equal((3, 0), ((await bench.ReadAsync(customer: "-")).ActiveUsers, (await bench.ReadAsync(customer: "Initech")).ActiveUsers));

        await bench.Members.SaveAsync(bench.VendorId, 1, [Facts("zoe", "zoe@initech.example"), Facts("new")], default);

        var (none, initech, all) = (await bench.ReadAsync(customer: "-"), await bench.ReadAsync(customer: "Initech"), await bench.ReadAsync());
        Assert.Equal((2, 1, 3), (none.ActiveUsers, initech.ActiveUsers, all.ActiveUsers));
        Assert.Equal((1L, 2L), (initech.Builds.Total, none.Builds.Total));
        Assert.Equal((2, 4), (initech.Members, all.Members));
        bench.Send(Event("4", "ZOE@initech.example"));
        Assert.Equal(2, (await bench.ReadAsync(customer: "Initech")).Builds.Total);
    }

    [Fact]
    public async Task Removed_FromTheList_WhoWasSeenStaysAndWhoWasNotIsGone()
    {
        await using var bench = await StartAsync();
        await bench.Members.SaveAsync(bench.VendorId, 1, [Facts("seen"), Facts("never")], default);
        bench.Send(Event("1", "seen"));

        Assert.True(await bench.Members.UnlistAsync(bench.VendorId, (await bench.PersonAsync("seen")).Id, default));
        Assert.True(await bench.Members.UnlistAsync(bench.VendorId, (await bench.PersonAsync("never")).Id, default));

        var report = await bench.ReadAsync(customer: "Initech");
        Assert.Equal((1, 1), (report.Members, report.ActiveUsers));
        Assert.False((await bench.PersonAsync("seen")).IsListed);
    }

    [Fact]
    public async Task OptOut_TakesThePastAway_AndComingBackCountsFromThen()
    {
        await using var bench = await StartAsync();
        bench.Send(Event("1", "ann", daysAgo: 5), Event("2", "bob", daysAgo: 5), Event("3", "ann", UsageKind.ExtensionInstalled, 4, name: "logs"));

        bench.Send(Event("4", "ann", UsageKind.AnalyticsOptOut, 3));
        Assert.Equal(1, bench.Send(Event("5", "ann", daysAgo: 2)).Ignored);

        var report = await bench.ReadAsync();
        Assert.Equal((1, 2, 1, 1L, 0), (report.ActiveUsers, report.Members, report.OptedOut, report.Builds.Total, report.Extensions.Users));
        Assert.Null((await bench.PersonAsync("ann")).LastSeenUtc);
        Assert.Equal(2, await bench.Erasure.RunAsync(default)); // their events are gone as well
        Assert.Equal(1, await EventsAsync(bench));

        bench.Send(Event("6", "ann", UsageKind.AnalyticsOptIn, 1), Event("7", "ann", daysAgo: 0.5));
        report = await bench.ReadAsync();
        Assert.Equal((2, 0, 2L), (report.ActiveUsers, report.OptedOut, report.Builds.Total));
    }

    [Fact]
    public async Task OptOut_ToldLate_LeavesWhatCameAfterTheReturn()
    {
        await using var bench = await StartAsync();
        bench.Send(Event("1", "ann", UsageKind.AnalyticsOptIn, 3), Event("2", "ann", daysAgo: 6), Event("3", "ann", UsageKind.ExtensionInstalled, 2, name: "logs"));
        Assert.Equal(1, (await bench.ReadAsync()).Builds.Total);

        bench.Send(Event("4", "ann", UsageKind.AnalyticsOptOut, 4));

        var report = await bench.ReadAsync();
        Assert.Equal((1, 0, 0L, 1), (report.ActiveUsers, report.OptedOut, report.Builds.Total, report.Extensions.Users));
        Assert.Equal(1, await bench.Erasure.RunAsync(default));
        Assert.Equal(report.ActiveByDay, (await bench.ReadAsync()).ActiveByDay);
    }

    [Fact]
    public async Task Erase_OnePerson_IsAsIfTheyHadNeverBeen()
    {
        await using var bench = await StartAsync();
        var world = new RandomUsage(11);
        await bench.ListAsync(world.People);
        var told = world.Events(900, Now, 60, comesBack: false);
        bench.Send(told.Select(e => e.Event));
        var victim = world.People.First(p => p is { IsListed: true, Customer: "Initech" } && told.Count(e => e.Person == p) > 10 && !told.Exists(e => e.Person == p && e.Event.Kind == UsageKind.AnalyticsOptOut));
        var id = (await bench.PersonAsync(victim.Username)).Id;

        var preview = await bench.Erasure.PreviewAsync(bench.VendorId, id, default);
        Assert.Equal(told.Where(e => e.Person == victim).Select(e => e.Event.Id).Distinct().Count(), preview!.Events);
        Assert.Equal([id], await bench.Erasure.FindAsync(bench.VendorId, victim.Email!.ToUpperInvariant(), "Initech", default));
        Assert.Equal(preview, await bench.Erasure.EraseAsync(bench.VendorId, id, default));

        var rest = world.People.Where(p => p != victim).ToList();
        var expected = bench.Expected([.. told.Where(e => e.Person != victim)], rest);
        Assert.Equal(expected, await bench.FiguresAsync());
        await bench.Rebuild.RunAsync(bench.VendorId, null, default);
        Assert.Equal(expected, await bench.FiguresAsync());
        await using var context = bench.Store.Contexts.ForVendor(bench.VendorId);
        Assert.False(await context.UsageEvents.AnyAsync(e => e.UserId == id) || await context.ProductUsers.AnyAsync(p => p.Id == id) || await context.UsageUserDays.AnyAsync(d => d.UserId == id));
        Assert.Null(await bench.Erasure.EraseAsync(bench.VendorId, id, default));
    }

    [Fact]
    public async Task Retention_OldEventsGo_TheShownPeriodStays()
    {
        await using var bench = await StartAsync(usageDays: 30);
        var world = new RandomUsage(13);
        await bench.ListAsync(world.People.Take(3));
        var told = world.Events(1_200, Now, 89, comesBack: false).Where(e => e.Event.Kind < UsageKind.AnalyticsOptOut).ToList();
        bench.Send(told.Select(e => e.Event));
        var before = await bench.FiguresAsync();
        var old = told.Where(e => DateOnly.FromDateTime(e.Event.AtUtc) < DateOnly.FromDateTime(Now).AddDays(-30)).Select(e => e.Event.Id).Distinct().Count();

        Assert.Equal(old, await bench.Retention.RunAsync(default));

        Assert.Equal(before, await bench.FiguresAsync());
        await bench.Rebuild.RunAsync(bench.VendorId, null, default); // days without events stay as they were counted
        Assert.Equal(before, await bench.FiguresAsync());
    }

    [Fact]
    public async Task Retention_LongAfter_NothingOfWhoWasOnNoListIsLeft()
    {
        await using var bench = await StartAsync(usageDays: 30);
        await bench.ListAsync([new TestPerson("kept", null, "Initech", IsListed: true)]);
        bench.Send(Event("1", "kept"), Event("2", "gone"), Event("3", "out"), Event("4", "out", UsageKind.AnalyticsOptOut), Event("5", "gone", UsageKind.ExtensionInstalled, name: "logs"));

        bench.Time.UtcNow = Now.AddDays(200);
        await bench.Retention.RunAsync(default);

        await using var context = bench.Store.Contexts.ForVendor(bench.VendorId);
        Assert.Equal(["kept", "out"], await context.ProductUsers.OrderBy(p => p.UserKey).Select(p => p.UserKey).ToListAsync());
        Assert.False(await context.UsageEvents.AnyAsync() || await context.UsageUserDays.AnyAsync() || await context.UsageDays.AnyAsync(d => d.Day > 0 || d.Users > 0));
        Assert.Equal((0, 1), ((await bench.ReadAsync()).ActiveUsers, (await bench.ReadAsync()).OptedOut));
    }

    [Fact]
    public async Task Names_OfTwoCustomersAlike_AreNobodysWithoutACustomer()
    {
        await using var bench = await StartAsync();
        await bench.Members.SaveAsync(bench.VendorId, 1, [Facts("admin")], default);
        bench.Send(Event("1", "admin"));
        await bench.Members.SaveAsync(bench.VendorId, 2, [Facts("admin")], default);

        bench.Send(Event("2", "admin"), Event("3", "admin", customer: "Globex"), Event("4", "other", customer: "No such"));

        Assert.Equal((1L, 1L, 2L), ((await bench.ReadAsync(customer: "Initech")).Builds.Total, (await bench.ReadAsync(customer: "Globex")).Builds.Total, (await bench.ReadAsync(customer: "-")).Builds.Total));
    }

    [Fact]
    public async Task Vendors_NeverMeet()
    {
        await using var bench = await StartAsync();
        bench.Send(Event("1", "ann"));
        var other = await bench.Store.AddVendorAsync();

        var report = await bench.Reader.ReadAsync(other, UsagePeriod.Month, null, default);

        Assert.Equal((0, 0, 0L), (report.ActiveUsers, report.Members, report.Builds.Total));
        Assert.Null(report.UpdatedUtc);
        Assert.Null(await bench.Erasure.PreviewAsync(other, (await bench.PersonAsync("ann")).Id, default));
    }

    private static async Task<int> EventsAsync(UsageBench bench)
    {
        await using var context = bench.Store.Contexts.ForVendor(bench.VendorId);
        return await context.UsageEvents.CountAsync();
    }
}
