using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary>
/// Keeps the roll-ups of usage: what each person did a day, and the sums of it by customer and over everyone. Belongs to a connection and, from
/// <see cref="Begin"/> on, to a transaction; what is added is written by <see cref="Write()"/>.
/// </summary>
internal sealed class UsageLedger : IDisposable
{
    private const string UserDay = "(\"VendorId\", \"UserId\", \"Measure\", \"NameId\", \"Day\", \"Count\", \"Sum\")";
    private const string Key = "\"VendorId\" = @p0 AND \"UserId\" = @p1 AND \"Measure\" = @p2 AND \"NameId\" = @p3";

    private const string AddToSums =
        " ON CONFLICT (\"VendorId\", \"CustomerId\", \"Measure\", \"NameId\", \"Day\") DO UPDATE SET \"Users\" = \"UsageDays\".\"Users\" + excluded.\"Users\", " +
        "\"LastUsers\" = \"UsageDays\".\"LastUsers\" + excluded.\"LastUsers\", \"Count\" = \"UsageDays\".\"Count\" + excluded.\"Count\", \"Sum\" = \"UsageDays\".\"Sum\" + excluded.\"Sum\"";

    private readonly Dictionary<(UsagePerson Person, UsageMeasure Measure, int NameId, int Day), (long Count, long Sum)> pending = new();
    private readonly Dictionary<(int Vendor, int Customer, UsageMeasure Measure, int NameId, int Day), Delta> sums = new();
    private readonly PreparedStatement insert;
    private readonly PreparedStatement update;
    private readonly PreparedStatement lastDay;
    private readonly PreparedStatement remove;
    private readonly PreparedStatement has;
    private readonly PreparedStatement sum;
    private readonly PreparedStatement shift;
    private readonly PreparedStatement forget;
    private readonly PreparedStatement forgetExtensions;
    private readonly PreparedStatement findExtension;
    private readonly PreparedStatement setExtension;

    public UsageLedger(DbConnection connection)
    {
        insert = new(connection, $"INSERT INTO \"UsageUserDays\" {UserDay} VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6) ON CONFLICT DO NOTHING", 7);
        update = new(connection, $"UPDATE \"UsageUserDays\" SET \"Count\" = \"Count\" + @p5, \"Sum\" = \"Sum\" + @p6 WHERE {Key} AND \"Day\" = @p4", 7);
        lastDay = new(connection, $"SELECT MAX(\"Day\") FROM \"UsageUserDays\" WHERE {Key} AND \"Day\" <> @p4", 5);
        remove = new(connection, $"DELETE FROM \"UsageUserDays\" WHERE {Key} AND \"Day\" = 0", 4);
        has = new(connection, "SELECT 1 FROM \"UsageUserDays\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1 AND \"Measure\" = @p2 LIMIT 1", 3);
        sum = new(
            connection,
            "INSERT INTO \"UsageDays\" (\"VendorId\", \"CustomerId\", \"Measure\", \"NameId\", \"Day\", \"Users\", \"LastUsers\", \"Count\", \"Sum\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)" + AddToSums, 9);
        shift = new(
            connection,
            "INSERT INTO \"UsageDays\" (\"VendorId\", \"CustomerId\", \"Measure\", \"NameId\", \"Day\", \"Users\", \"LastUsers\", \"Count\", \"Sum\") " +
            "SELECT \"VendorId\", @p2, \"Measure\", \"NameId\", \"Day\", @p3, CASE WHEN \"Day\" = MAX(\"Day\") OVER (PARTITION BY \"Measure\", \"NameId\") THEN @p3 ELSE 0 END, @p3 * \"Count\", @p3 * \"Sum\" " +
            "FROM \"UsageUserDays\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1" + AddToSums, 4);
        forget = new(connection, "DELETE FROM \"UsageUserDays\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1 AND \"Day\" >= @p2", 3);
        forgetExtensions = new(connection, "DELETE FROM \"UsageExtensions\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1", 2);
        findExtension = new(connection, "SELECT \"AtUtc\", \"IsInstalled\" FROM \"UsageExtensions\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1 AND \"NameId\" = @p2", 3);
        setExtension = new(
            connection,
            "INSERT INTO \"UsageExtensions\" (\"VendorId\", \"UserId\", \"NameId\", \"AtUtc\", \"IsInstalled\") VALUES (@p0, @p1, @p2, @p3, @p4) " +
            "ON CONFLICT (\"VendorId\", \"UserId\", \"NameId\") DO UPDATE SET \"AtUtc\" = excluded.\"AtUtc\", \"IsInstalled\" = excluded.\"IsInstalled\"", 5);
    }

    private PreparedStatement[] Statements => [insert, update, lastDay, remove, has, sum, shift, forget, forgetExtensions, findExtension, setExtension];

    public void Begin(DbTransaction transaction)
    {
        pending.Clear();
        sums.Clear();
        foreach (var statement in Statements)
            statement.Transaction = transaction;
    }

    /// <summary>Adds what an event adds to its person's day.</summary>
    public void Add(UsagePerson person, int day, UsageAtom atom)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(pending, (person, atom.Measure, atom.NameId, atom.On(day)), out _);
        entry = (entry.Count + atom.Count, entry.Sum + atom.Sum);
    }

    /// <summary>Notes that an extension was installed or removed. The newest word counts; of two at one time "removed".</summary>
    public void SetExtension(UsagePerson person, int nameId, DateTime atUtc, bool isInstalled)
    {
        var was = false;
        using (var reader = findExtension.Read(person.VendorId, person.Id, nameId))
        {
            if (reader.Read())
            {
                was = reader.GetInt64(1) != 0;
                var last = DateTime.SpecifyKind(reader.GetDateTime(0), DateTimeKind.Utc);
                if (last > atUtc || (last == atUtc && !was))
                    return;
            }
        }

        setExtension.Execute(person.VendorId, person.Id, nameId, atUtc, isInstalled);
        if (was == isInstalled)
            return;
        var hadAny = HasExtension(person);
        if (isInstalled)
        {
            Write(person, UsageMeasure.Extension, nameId, 0, default);
            if (!hadAny)
                Write(person, UsageMeasure.AnyExtension, 0, 0, default);
            return;
        }

        RemoveState(person, UsageMeasure.Extension, nameId);
        if (!HasExtension(person))
            RemoveState(person, UsageMeasure.AnyExtension, 0);
    }

    /// <summary>Writes what was added, before the commit.</summary>
    public void Write()
    {
        foreach (var (key, value) in pending)
            Write(key.Person, key.Measure, key.NameId, key.Day, value);
        foreach (var ((vendor, customer, measure, nameId, day), delta) in sums)
            sum.Execute(vendor, customer, (int)measure, nameId, day, delta.Users, delta.LastUsers, delta.Count, delta.Sum);
        pending.Clear();
        sums.Clear();
    }

    /// <summary>Adds (1) or takes (-1) all of a person to or from the sums of a customer, or of <see cref="UsageDay.Everyone"/>.</summary>
    public void Shift(int vendorId, int userId, int customerId, int by) => shift.Execute(vendorId, userId, customerId, by);

    /// <summary>Takes a person out of all sums and roll-ups.</summary>
    public void Withdraw(int vendorId, int userId, int customerId)
    {
        ShiftEverywhere(vendorId, userId, customerId, -1);
        forget.Execute(vendorId, userId, 0);
        forgetExtensions.Execute(vendorId, userId);
    }

    /// <summary>
    /// Counts a person anew from the events they are left with: <paramref name="events"/> are all of them from <paramref name="fromDay"/> on; what is before
    /// stays as it is, and so does what holds now.
    /// </summary>
    public void Recount(int vendorId, int userId, int customerId, int fromDay, IEnumerable<(int Day, UsageAtom Atom)> events)
    {
        ShiftEverywhere(vendorId, userId, customerId, -1);
        forget.Execute(vendorId, userId, fromDay);
        var days = new Dictionary<(UsageMeasure Measure, int NameId, int Day), (long Count, long Sum)>();
        foreach (var (day, atom) in events)
        {
            if (atom.On(day) < fromDay)
                continue; // a block that begins before stays as it is
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (atom.Measure, atom.NameId, atom.On(day)), out _);
            entry = (entry.Count + atom.Count, entry.Sum + atom.Sum);
        }

        foreach (var ((measure, nameId, day), (count, total)) in days)
            insert.Execute(vendorId, userId, (int)measure, nameId, day, count, total);
        ShiftEverywhere(vendorId, userId, customerId, 1);
    }

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private void ShiftEverywhere(int vendorId, int userId, int customerId, int by)
    {
        Shift(vendorId, userId, customerId, by);
        Shift(vendorId, userId, UsageDay.Everyone, by);
    }

    private void Write(UsagePerson person, UsageMeasure measure, int nameId, int day, (long Count, long Sum) value)
    {
        var (vendor, user) = (person.VendorId, person.Id);
        var delta = new Delta(0, 0, value.Count, value.Sum);
        if (insert.Execute(vendor, user, (int)measure, nameId, day, value.Count, value.Sum) == 0)
        {
            if (value != default)
                update.Execute(vendor, user, (int)measure, nameId, day, value.Count, value.Sum);
        }
        else
        {
            var before = lastDay.Scalar(vendor, user, (int)measure, nameId, day) is { } found ? Convert.ToInt32(found, CultureInfo.InvariantCulture) : -1;
            delta = delta with { Users = 1, LastUsers = day > before ? 1 : 0 };
            if (before >= 0 && before < day)
                Sum(person, measure, nameId, before, new Delta(0, -1, 0, 0));
        }

        Sum(person, measure, nameId, day, delta);
    }

    private bool HasExtension(UsagePerson person) => has.Scalar(person.VendorId, person.Id, (int)UsageMeasure.Extension) is not null;

    private void RemoveState(UsagePerson person, UsageMeasure measure, int nameId)
    {
        if (remove.Execute(person.VendorId, person.Id, (int)measure, nameId) > 0)
            Sum(person, measure, nameId, 0, new Delta(-1, -1, 0, 0));
    }

    private void Sum(UsagePerson person, UsageMeasure measure, int nameId, int day, Delta delta)
    {
        if (delta == default)
            return;
        foreach (var customer in (ReadOnlySpan<int>)[person.CustomerId, UsageDay.Everyone])
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (person.VendorId, customer, measure, nameId, day), out _);
            entry = new Delta(entry.Users + delta.Users, entry.LastUsers + delta.LastUsers, entry.Count + delta.Count, entry.Sum + delta.Sum);
        }
    }

    private readonly record struct Delta(int Users, int LastUsers, long Count, long Sum);
}
