using System.Data.Common;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Usage;

/// <summary>Events of one vendor on their way to the store, and the promise that they are committed.</summary>
internal sealed class UsagePost(int vendorId, IReadOnlyList<UsageEvent> events) : ICommitPost
{
    private readonly TaskCompletionSource<JournalOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int VendorId => vendorId;

    public IReadOnlyList<UsageEvent> Events => events;

    public int Weight => Math.Max(1, events.Count);

    public Task<JournalOutcome> Done => done.Task;

    public void Complete(JournalOutcome outcome) => done.TrySetResult(outcome);

    public void Fail(Exception error) => done.TrySetException(error);
}

/// <summary>Writes events, the people they name, and the roll-ups in one transaction. One instance per connection; not thread-safe.</summary>
internal sealed class UsageWriter : IDisposable
{
    private readonly DbConnection connection;
    private readonly UsagePeople people;
    private readonly UsageNameWriter names;
    private readonly UsageLedger ledger;
    private readonly UsageEventReader events;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement say;
    private readonly PreparedStatement said;
    private readonly PreparedStatement settle;
    private readonly PreparedStatement touch;
    private readonly PreparedStatement findEvent;
    private readonly PreparedStatement findWord;

    /// <param name="connection">Stays the caller's.</param>
    public UsageWriter(DbConnection connection)
    {
        this.connection = connection;
        people = new UsagePeople(connection);
        names = new UsageNameWriter(connection);
        ledger = new UsageLedger(connection);
        events = new UsageEventReader(connection);
        insert = new(
            connection,
            "INSERT INTO \"UsageEvents\" (\"VendorId\", \"Day\", \"UserId\", \"EventId\", \"Millisecond\", \"Kind\", \"NameId\", \"SystemId\", \"How\", \"DurationMs\") " +
            "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9) ON CONFLICT DO NOTHING", 10);
        say = new(connection, "INSERT INTO \"UsageConsents\" (\"VendorId\", \"UserId\", \"AtUtc\", \"IsOut\", \"EventId\") VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING", 5);
        findWord = new(connection, "SELECT 1 FROM \"UsageConsents\" WHERE \"VendorId\" = @p0 AND \"EventId\" = @p1", 2);
        said = new(connection, "SELECT \"AtUtc\", \"IsOut\" FROM \"UsageConsents\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1", 2);
        settle = new(
            connection,
            "UPDATE \"ProductUsers\" SET \"IsOptedOut\" = @p2, \"CountsFromUtc\" = @p3, \"EventsPending\" = 1, \"LastSeenUtc\" = NULL, \"LastVersionId\" = NULL, \"LastVersionUtc\" = NULL " +
            "WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 4);
        findEvent = new(connection, "SELECT 1 FROM \"UsageEvents\" WHERE \"VendorId\" = @p0 AND \"EventId\" = @p1", 2);
        touch = new(connection, "UPDATE \"Vendors\" SET \"UsageUtc\" = @p1 WHERE \"Id\" = @p0", 2);
    }

    private PreparedStatement[] Statements => [insert, say, said, settle, touch, findEvent, findWord];

    /// <summary>Commits the posts; an outcome for each. Nothing is stored where it throws.</summary>
    public IReadOnlyList<JournalOutcome> Write(IReadOnlyList<UsagePost> posts, DateTime nowUtc)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        people.Begin(transaction);
        ledger.Begin(transaction);
        names.Transaction = transaction;
        events.Transaction = transaction;
        foreach (var statement in Statements)
            statement.Transaction = transaction;
        try
        {
            var outcomes = new List<JournalOutcome>(posts.Count);
            foreach (var post in posts)
                outcomes.Add(Write(post, nowUtc));
            Flush();
            foreach (var vendorId in posts.Where(post => post.Events.Count > 0).Select(post => post.VendorId).Distinct())
                touch.Execute(vendorId, nowUtc);
            transaction.Commit();
            return outcomes;
        }
        catch
        {
            names.Forget();
            throw;
        }
    }

    public void Dispose()
    {
        people.Dispose();
        names.Dispose();
        ledger.Dispose();
        events.Dispose();
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private JournalOutcome Write(UsagePost post, DateTime nowUtc)
    {
        var (stored, duplicates, ignored) = (0, 0, 0);
        foreach (var one in post.Events)
        {
            if (people.Find(post.VendorId, one.User, one.Customer, nowUtc, () => IsKnown(post.VendorId, one)) is not { } person)
            {
                duplicates++;
                continue;
            }

            var isWord = one.Kind is UsageKind.AnalyticsOptOut or UsageKind.AnalyticsOptIn;
            if (!isWord && !person.State.Counts(one.AtUtc))
                ignored++;
            else if (isWord ? Say(person, one) : Insert(person, one))
                stored++;
            else
                duplicates++;
        }

        return new JournalOutcome(stored, duplicates, ignored);
    }

    private bool IsKnown(int vendorId, UsageEvent one)
    {
        var id = one.Id.ToBytes();
        return findEvent.Scalar(vendorId, id) is not null || findWord.Scalar(vendorId, id) is not null;
    }

    private bool Insert(UsagePerson person, UsageEvent one)
    {
        var day = DateOnly.FromDateTime(one.AtUtc).DayNumber;
        int? nameId = one.Name is { } name ? names.IdOf(person.VendorId, NameKind(one.Kind), name) : null;
        int? systemId = one.System is { } system ? names.IdOf(person.VendorId, UsageNameKind.System, system) : null;
        if (insert.Execute(person.VendorId, day, person.Id, one.Id.ToBytes(), (int)one.AtUtc.TimeOfDay.TotalMilliseconds, (int)one.Kind, nameId, systemId, one.How, one.DurationMs) == 0)
            return false;
        foreach (var atom in UsageAtom.Of(one.Kind, nameId, systemId, one.How, one.DurationMs))
            ledger.Add(person, day, atom);
        if (one.Kind is UsageKind.ExtensionInstalled or UsageKind.ExtensionRemoved)
            ledger.SetExtension(person, nameId!.Value, one.AtUtc, one.Kind == UsageKind.ExtensionInstalled);
        if (person.SeenUtc is not { } seen || seen < one.AtUtc)
            person.SeenUtc = one.AtUtc;
        if (one.Kind == UsageKind.Active && (person.Version is not var (at, _) || at <= one.AtUtc))
            person.Version = (one.AtUtc, nameId!.Value);
        return true;
    }

    // Whatever a person says of being counted may change what counts of the past: what is left of it is counted anew.
    private bool Say(UsagePerson person, UsageEvent one)
    {
        var id = one.Id.ToBytes();
        if (findWord.Scalar(person.VendorId, id) is not null || say.Execute(person.VendorId, person.Id, one.AtUtc, one.Kind == UsageKind.AnalyticsOptOut, id) == 0)
            return false;
        var state = UsageState.Of(Said(person));
        if (state == person.State)
            return true;
        Flush();
        person.State = state;
        ledger.Withdraw(person.VendorId, person.Id, person.CustomerId);
        settle.Execute(person.VendorId, person.Id, state.IsOptedOut, state.CountsFromUtc);
        if (state.CountsFromUtc is { } from)
            Recount(person, from);
        return true;
    }

    private void Recount(UsagePerson person, DateTime fromUtc)
    {
        var left = events.Of(person.VendorId, person.Id, DateOnly.FromDateTime(fromUtc).DayNumber).Where(e => e.AtUtc >= fromUtc).OrderBy(e => e.AtUtc).ToList();
        foreach (var e in left)
        {
            foreach (var atom in e.Atoms)
                ledger.Add(person, e.Day, atom);
            if (e.Kind is UsageKind.ExtensionInstalled or UsageKind.ExtensionRemoved)
                ledger.SetExtension(person, e.NameId!.Value, e.AtUtc, e.Kind == UsageKind.ExtensionInstalled);
            person.SeenUtc = e.AtUtc;
            if (e.Kind == UsageKind.Active)
                person.Version = (e.AtUtc, e.NameId!.Value);
        }
    }

    private void Flush()
    {
        ledger.Write();
        people.Write();
    }

    private List<(DateTime AtUtc, bool IsOut)> Said(UsagePerson person)
    {
        using var reader = said.Read(person.VendorId, person.Id);
        var all = new List<(DateTime AtUtc, bool IsOut)>();
        while (reader.Read())
            all.Add((DateTime.SpecifyKind(reader.GetDateTime(0), DateTimeKind.Utc), reader.GetInt64(1) != 0));
        return all;
    }

    private static UsageNameKind NameKind(UsageKind kind) => kind switch
    {
        UsageKind.Active => UsageNameKind.Version,
        UsageKind.ImagePull or UsageKind.ImagePush => UsageNameKind.Image,
        _ => UsageNameKind.Extension,
    };
}
