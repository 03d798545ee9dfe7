using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary>A person as one transaction of the intake knows them.</summary>
internal sealed class UsagePerson
{
    public required int VendorId { get; init; }

    public required int Id { get; init; }

    public required int CustomerId { get; init; }

    public required UsageState State { get; set; }

    /// <summary>Newest use in this transaction.</summary>
    public DateTime? SeenUtc { get; set; }

    /// <summary>Newest version told in this transaction.</summary>
    public (DateTime AtUtc, int NameId)? Version { get; set; }
}

/// <summary>
/// Finds whom an event names, and makes who is new. With a customer the portal knows: the person of that customer. Without: the one on a list
/// of members who has this user name or e-mail address, if just one customer has such. Else a person of no customer. Remembers people for one transaction.
/// </summary>
internal sealed class UsagePeople : IDisposable
{
    private readonly Dictionary<(int Vendor, string Key, string? Customer), UsagePerson> named = new();
    private readonly Dictionary<(int Vendor, int Id), UsagePerson> people = new();
    private readonly Dictionary<(int Vendor, string Name), int?> customers = new();
    private readonly PreparedStatement findCustomer;
    private readonly PreparedStatement findOfCustomer;
    private readonly PreparedStatement findListed;
    private readonly PreparedStatement add;
    private readonly PreparedStatement see;
    private readonly PreparedStatement tellVersion;

    public UsagePeople(DbConnection connection)
    {
        const string Columns = "\"Id\", \"CustomerId\", \"IsOptedOut\", \"CountsFromUtc\"";
        findCustomer = new(connection, "SELECT \"Id\" FROM \"Customers\" WHERE \"VendorId\" = @p0 AND \"Name\" = @p1 AND \"RemovedUtc\" IS NULL", 2);
        findOfCustomer = new(
            connection,
            $"SELECT {Columns} FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"UserKey\" = @p1 AND \"CustomerId\" = @p2 " +
            $"UNION ALL SELECT {Columns} FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"EmailKey\" = @p1 AND \"CustomerId\" = @p2 LIMIT 1", 3);
        findListed = new(
            connection,
            $"SELECT {Columns} FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"UserKey\" = @p1 AND \"IsListed\" = 1 " +
            $"UNION SELECT {Columns} FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"EmailKey\" = @p1 AND \"IsListed\" = 1 LIMIT 2", 2);
        add = new(
            connection,
            "INSERT INTO \"ProductUsers\" (\"VendorId\", \"Id\", \"CustomerId\", \"Username\", \"UserKey\", \"IsListed\", \"CreatedUtc\", \"IsOptedOut\", \"EventsPending\", \"IsErased\") " +
            "VALUES (@p0, (SELECT COALESCE(MAX(\"Id\"), 0) + 1 FROM \"ProductUsers\" WHERE \"VendorId\" = @p0), @p1, @p2, @p3, 0, @p4, 0, 0, 0) RETURNING \"Id\"", 5);
        see = new(connection, "UPDATE \"ProductUsers\" SET \"LastSeenUtc\" = @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND (\"LastSeenUtc\" IS NULL OR \"LastSeenUtc\" < @p2)", 3);
        tellVersion = new(
            connection,
            "UPDATE \"ProductUsers\" SET \"LastVersionId\" = @p2, \"LastVersionUtc\" = @p3 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND (\"LastVersionUtc\" IS NULL OR \"LastVersionUtc\" <= @p3)", 4);
    }

    private PreparedStatement[] Statements => [findCustomer, findOfCustomer, findListed, add, see, tellVersion];

    public void Begin(DbTransaction transaction)
    {
        named.Clear();
        people.Clear();
        customers.Clear();
        foreach (var statement in Statements)
            statement.Transaction = transaction;
    }

    /// <summary>A person's key: user names and e-mail addresses are the same in any case.</summary>
    public static string KeyOf(string user) => user.Trim().ToLowerInvariant();

    /// <summary>Whom an event names; null where that would be somebody new, and <paramref name="isRepeat"/> says that the event is not.</summary>
    public UsagePerson? Find(int vendorId, string user, string? customer, DateTime nowUtc, Func<bool> isRepeat)
    {
        var key = KeyOf(user);
        if (named.TryGetValue((vendorId, key, customer), out var known))
            return known;
        var person = Customer(vendorId, customer) is { } customerId
            ? Read(vendorId, findOfCustomer, key, customerId) ?? (isRepeat() ? null : Add(vendorId, customerId, user, key, nowUtc))
            : OneListed(vendorId, key) ?? Read(vendorId, findOfCustomer, key, ProductUser.Unassigned) ?? (isRepeat() ? null : Add(vendorId, ProductUser.Unassigned, user, key, nowUtc));
        if (person is not null)
            named[(vendorId, key, customer)] = person;
        return person;
    }

    /// <summary>Writes what the transaction has learnt of people.</summary>
    public void Write()
    {
        foreach (var person in people.Values)
        {
            if (person.SeenUtc is { } seen)
                see.Execute(person.VendorId, person.Id, seen);
            if (person.Version is var (at, nameId))
                tellVersion.Execute(person.VendorId, person.Id, nameId, at);
            (person.SeenUtc, person.Version) = (null, null);
        }
    }

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private int? Customer(int vendorId, string? name)
    {
        if (name is null)
            return null;
        if (!customers.TryGetValue((vendorId, name), out var id))
            customers[(vendorId, name)] = id = findCustomer.Scalar(vendorId, name) is { } found ? Convert.ToInt32(found, CultureInfo.InvariantCulture) : null;
        return id;
    }

    // Two customers may both have an "admin": then nobody can say whose it is.
    private UsagePerson? OneListed(int vendorId, string key)
    {
        using var reader = findListed.Read(vendorId, key);
        if (!reader.Read())
            return null;
        var person = Row(vendorId, reader);
        return reader.Read() ? null : Known(person);
    }

    private UsagePerson? Read(int vendorId, PreparedStatement statement, string key, int customerId)
    {
        using var reader = statement.Read(vendorId, key, customerId);
        return reader.Read() ? Known(Row(vendorId, reader)) : null;
    }

    private UsagePerson Add(int vendorId, int customerId, string user, string key, DateTime nowUtc)
    {
        var id = Convert.ToInt32(add.Scalar(vendorId, customerId, user, key, nowUtc), CultureInfo.InvariantCulture);
        return Known(new UsagePerson { VendorId = vendorId, Id = id, CustomerId = customerId, State = default });
    }

    // By user name and by e-mail address it is one person.
    private UsagePerson Known(UsagePerson person) =>
        people.TryGetValue((person.VendorId, person.Id), out var known) ? known : people[(person.VendorId, person.Id)] = person;

    private static UsagePerson Row(int vendorId, DbDataReader reader) => new()
    {
        VendorId = vendorId,
        Id = reader.GetInt32(0),
        CustomerId = reader.GetInt32(1),
        State = new UsageState(reader.GetInt64(2) != 0, reader.IsDBNull(3) ? null : DateTime.SpecifyKind(reader.GetDateTime(3), DateTimeKind.Utc)),
    };
}
