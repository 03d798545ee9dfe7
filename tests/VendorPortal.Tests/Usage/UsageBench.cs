using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Usage;

/// <summary>A vendor's store with the customers Initech and Globex, and all that works on usage, at a clock that stands.</summary>
internal sealed class UsageBench : IAsyncDisposable
{
    public static readonly DateTime Now = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);

    private readonly Microsoft.Data.Sqlite.SqliteConnection connection;
    private readonly UsageWriter writer;

    private UsageBench(TestStore store, int vendorId, PortalOptions options)
    {
        (Store, VendorId) = (store, vendorId);
        connection = store.Database.OpenWriter();
        writer = new UsageWriter(connection);
        Reader = new UsageReader(store.Database, Time);
        Members = new ProductMembers(store.Contexts, store.Database, Time);
        Erasure = new UsageErasure(store.Database, Time, NullLogger<UsageErasure>.Instance);
        Rebuild = new UsageRebuild(store.Database, store.Contexts, options, Time);
        Retention = new UsageRetention(store.Database, store.Contexts, Erasure, options, Time, NullLogger<UsageRetention>.Instance);
    }

    public TestStore Store { get; }

    public int VendorId { get; }

    public SettableClock Time { get; } = new(Now);

    public UsageReader Reader { get; }

    public ProductMembers Members { get; }

    public UsageErasure Erasure { get; }

    public UsageRebuild Rebuild { get; }

    public UsageRetention Retention { get; }

    public static async Task<UsageBench> StartAsync(int usageDays = 0)
    {
        var store = new TestStore();
        var vendorId = await store.AddVendorAsync();
        await using var context = store.Contexts.ForVendor(vendorId);
        context.AddRange(new Customer { VendorId = vendorId, Id = 1, Name = "Initech" }, new Customer { VendorId = vendorId, Id = 2, Name = "Globex" });
        await context.SaveChangesAsync();
        return new UsageBench(store, vendorId, new PortalOptions { Retention = new RetentionOptions { UsageDays = usageDays } });
    }

    /// <summary>Puts the listed among people on the lists of their customers.</summary>
    public async Task ListAsync(IEnumerable<TestPerson> people)
    {
        foreach (var list in people.Where(p => p.IsListed).GroupBy(p => p.Customer!))
            await Members.SaveAsync(VendorId, (await Members.FindCustomerAsync(VendorId, list.Key, default))!.Value, [.. list.Select(p => Facts(p.Username, p.Email))], default);
    }

    public static MemberFacts Facts(string username, string? email = null) => new(username, null, email, null, null, null, null, null);

    /// <summary>Sends events as one post, which is one transaction.</summary>
    public JournalOutcome Send(params IEnumerable<UsageEvent> events) => writer.Write([new UsagePost(VendorId, [.. events])], Time.UtcNow)[0];

    public static UsageEvent Event(string id, string user, UsageKind kind = UsageKind.Build, double daysAgo = 0, string? customer = null, string? name = null, int? how = 1) => new()
    {
        Id = id, User = user, Kind = kind, AtUtc = Now.AddDays(-daysAgo), Customer = customer, Name = name, How = how, DurationMs = kind == UsageKind.Build ? 1_000 : null,
        System = kind == UsageKind.Active ? "Linux" : null,
    };

    public Task<UsageReport> ReadAsync(UsagePeriod period = UsagePeriod.Month, string? customer = null) => Reader.ReadAsync(VendorId, period, customer, default);

    /// <summary>Figures of every period, of everyone and of each customer.</summary>
    public async Task<string> FiguresAsync()
    {
        var all = new List<string>();
        foreach (var (period, customer) in Questions)
            all.Add($"{period} {customer}\n{UsageOracle.Describe(await ReadAsync(period, customer))}");
        return string.Concat(all);
    }

    /// <summary>The same by brute force.</summary>
    public string Expected(IReadOnlyCollection<PersonEvent> told, IReadOnlyCollection<TestPerson> people) =>
        string.Concat(Questions.Select(q => $"{q.Period} {q.Customer}\n{UsageOracle.Figures(told, people, q.Customer, q.Period, DateOnly.FromDateTime(Time.UtcNow))}"));

    /// <summary>The person whom events name so.</summary>
    public async Task<ProductUser> PersonAsync(string user, int? customerId = null)
    {
        await using var context = Store.Contexts.ForVendor(VendorId);
        return await context.ProductUsers.AsNoTracking().SingleAsync(p => p.UserKey == user && (customerId == null || p.CustomerId == customerId));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.CompletedTask;
        writer.Dispose();
        connection.Dispose();
        Store.Dispose();
    }

    private static IEnumerable<(UsagePeriod Period, string? Customer)> Questions =>
        from period in Enum.GetValues<UsagePeriod>() from customer in new[] { null, "Initech", "Globex", "-" } select (period, customer);
}
