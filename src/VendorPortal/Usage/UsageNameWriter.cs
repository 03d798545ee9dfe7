using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;

namespace VendorPortal.Usage;

/// <summary>Names of events to their keys, made where they are new. Belongs to one writer; after a rollback <see cref="Forget"/> drops what may not have been stored.</summary>
internal sealed class UsageNameWriter(DbConnection connection) : IDisposable
{
    /// <summary>Most names of a kind; more are one, <see cref="Others"/>: what a product sends by mistake must not fill the lists.</summary>
    public const int MaxOfKind = 20_000;

    public const string Others = "(others)";

    private readonly PreparedStatement find = new(connection, "SELECT \"Id\" FROM \"UsageNames\" WHERE \"VendorId\" = @p0 AND \"Kind\" = @p1 AND \"Name\" = @p2", 3);
    private readonly PreparedStatement count = new(connection, "SELECT COUNT(*) FROM \"UsageNames\" WHERE \"VendorId\" = @p0 AND \"Kind\" = @p1", 2);

    private readonly PreparedStatement add = new(
        connection,
        "INSERT INTO \"UsageNames\" (\"VendorId\", \"Id\", \"Kind\", \"Name\") VALUES (@p0, (SELECT COALESCE(MAX(\"Id\"), 0) + 1 FROM \"UsageNames\" WHERE \"VendorId\" = @p0), @p1, @p2) RETURNING \"Id\"", 3);

    private readonly Dictionary<(int Vendor, UsageNameKind Kind, string Name), int> ids = new();

    public DbTransaction? Transaction
    {
        set => find.Transaction = count.Transaction = add.Transaction = value;
    }

    public int IdOf(int vendorId, UsageNameKind kind, string name)
    {
        if (ids.TryGetValue((vendorId, kind, name), out var known))
            return known;
        var found = find.Scalar(vendorId, (int)kind, name);
        if (found is null && name != Others && (long)count.Scalar(vendorId, (int)kind)! >= MaxOfKind)
            return IdOf(vendorId, kind, Others);
        var id = Convert.ToInt32(found ?? add.Scalar(vendorId, (int)kind, name), CultureInfo.InvariantCulture);
        if (ids.Count >= 4 * MaxOfKind)
            ids.Clear();
        return ids[(vendorId, kind, name)] = id;
    }

    public void Forget() => ids.Clear();

    public void Dispose()
    {
        find.Dispose();
        count.Dispose();
        add.Dispose();
    }
}
