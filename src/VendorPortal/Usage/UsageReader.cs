using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Usage;

/// <summary>
/// Reads the figures of a period from the sums by customer and day alone, some thousand rows however many events there were. Different people of the
/// period are exact: see <see cref="UsageDay.LastUsers"/>.
/// </summary>
public sealed class UsageReader(PortalDatabase database, TimeProvider time)
{
    /// <summary>The customer of people of whom none is known, as filters write it.</summary>
    public const string Unassigned = "-";

    private const int TopImages = 10;
    private const int TopExtensions = 5;

    /// <summary>The last day of a period that is read now.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The figures of a customer, by its name, of <see cref="Unassigned"/>, or of everyone. A name that does not exist has none.</summary>
    public Task<UsageReport> ReadAsync(int vendorId, UsagePeriod period, string? customer, CancellationToken ct)
    {
        var today = Today;
        return database.ReadAsync(connection => new Reading(connection, vendorId, period, today).Read(customer), ct);
    }

    private sealed class Reading(DbConnection connection, int vendorId, UsagePeriod period, DateOnly today)
    {
        private readonly int first = period.FirstDay(today).DayNumber;
        private readonly Dictionary<(UsageMeasure Measure, int NameId), Series> all = new();

        public UsageReport Read(string? customer)
        {
            var customerId = Customer(customer);
            if (customerId is { } id)
                ReadSeries(id);
            var (members, optedOut) = customerId is { } counted ? Members(counted) : (0, 0);
            var names = Names();
            return new UsageReport
            {
                Period = period,
                Days = [.. Enumerable.Range(0, (int)period).Select(i => DateOnly.FromDayNumber(first + i))],
                UpdatedUtc = Updated(),
                ActiveUsers = Of(UsageMeasure.Active).Different,
                ActiveByDay = Of(UsageMeasure.Active).Users,
                Members = members,
                OptedOut = optedOut,
                Builds = Builds(),
                Containers = new UsageContainers(Of(UsageMeasure.Container, UsageWays.ContainerGui).Counts, Of(UsageMeasure.Container, UsageWays.ContainerRun).Counts, Of(UsageMeasure.Container, UsageWays.ContainerCompose).Counts),
                Versions = Shares(UsageMeasure.Version, names),
                Systems = Shares(UsageMeasure.System, names),
                Cli = Share("CLI", Of(UsageMeasure.Interface, UsageWays.Cli)),
                Gui = Share("GUI", Of(UsageMeasure.Interface, UsageWays.Gui)),
                Images = Images(customerId),
                Extensions = Extensions(customerId),
            };
        }

        private UsageBuilds Builds()
        {
            var (good, bad) = (Of(UsageMeasure.Build, UsageWays.Succeeded), Of(UsageMeasure.Build, UsageWays.Failed));
            return new UsageBuilds(good.Counts.Sum(), bad.Counts.Sum(), TimeSpan.FromMilliseconds(good.Sum + bad.Sum), good.Counts, bad.Counts);
        }

        // But pulls, which are of very many names, and extensions, which are not of days.
        private void ReadSeries(int customerId)
        {
            using var statement = new PreparedStatement(
                connection,
                "SELECT \"Measure\", \"NameId\", \"Day\", \"Users\", \"LastUsers\", \"Count\", \"Sum\" FROM \"UsageDays\" " +
                "WHERE \"VendorId\" = @p0 AND \"CustomerId\" = @p1 AND \"Measure\" < @p2 AND \"Day\" BETWEEN @p3 AND @p4", 5);
            using var reader = statement.Read(vendorId, customerId, (int)UsageMeasure.Pull, first, today.DayNumber);
            while (reader.Read())
                Of((UsageMeasure)reader.GetInt32(0), reader.GetInt32(1)).Add(reader.GetInt32(2) - first, reader.GetInt32(3), reader.GetInt32(4), reader.GetInt64(5), reader.GetInt64(6));
        }

        private Series Of(UsageMeasure measure, int nameId = 0)
        {
            if (!all.TryGetValue((measure, nameId), out var series))
                all[(measure, nameId)] = series = new Series((int)period);
            return series;
        }

        private List<UsageShare> Shares(UsageMeasure measure, Dictionary<int, string> names) =>
            [.. all.Where(one => one.Key.Measure == measure && one.Value.Different > 0).Select(one => Share(names[one.Key.NameId], one.Value))
                .OrderByDescending(share => share.Users).ThenBy(share => share.Name, StringComparer.Ordinal)];

        private static UsageShare Share(string name, Series series) => new(name, series.Different, series.Users);

        // Whole blocks of days, and day by day what is before the first of them. Names are looked up of those alone that may be among the first.
        private UsageImages Images(int? customerId)
        {
            var pulls = new Dictionary<int, long>();
            if (customerId is { } id)
            {
                var block = (first + UsageAtom.BlockDays - 1) / UsageAtom.BlockDays * UsageAtom.BlockDays;
                AddPulls(pulls, id, UsageMeasure.Pull, first, Math.Min(block - 1, today.DayNumber));
                AddPulls(pulls, id, UsageMeasure.PullBlock, block, today.DayNumber);
            }

            var counts = pulls.Values.Where(count => count > 0).OrderDescending().ToList();
            var least = counts.Count > TopImages ? counts[TopImages - 1] : 1;
            var top = pulls.Where(image => image.Value >= least).Select(image => new UsageRank(Name(image.Key), image.Value));
            return new UsageImages(counts.Sum(), Of(UsageMeasure.Push).Counts.Sum(), counts.Count, [.. top.OrderByDescending(rank => rank.Count).ThenBy(rank => rank.Name, StringComparer.Ordinal).Take(TopImages)]);
        }

        private void AddPulls(Dictionary<int, long> pulls, int customerId, UsageMeasure measure, int from, int to)
        {
            using var statement = new PreparedStatement(
                connection, "SELECT \"NameId\", \"Count\" FROM \"UsageDays\" WHERE \"VendorId\" = @p0 AND \"CustomerId\" = @p1 AND \"Measure\" = @p2 AND \"Day\" BETWEEN @p3 AND @p4", 5);
            using var reader = statement.Read(vendorId, customerId, (int)measure, from, to);
            while (reader.Read())
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(pulls, reader.GetInt32(0), out _);
                sum += reader.GetInt64(1);
            }
        }

        private string Name(int nameId)
        {
            using var statement = new PreparedStatement(connection, "SELECT \"Name\" FROM \"UsageNames\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 2);
            return (string)statement.Scalar(vendorId, nameId)!;
        }

        private UsageExtensionsNow Extensions(int? customerId)
        {
            if (customerId is not { } id)
                return new UsageExtensionsNow(0, []);
            var ranks = Ranks(
                "SELECT n.\"Name\", d.\"Users\" FROM \"UsageDays\" d JOIN \"UsageNames\" n ON n.\"VendorId\" = @p0 AND n.\"Id\" = d.\"NameId\" " +
                "WHERE d.\"VendorId\" = @p0 AND d.\"CustomerId\" = @p1 AND d.\"Measure\" = @p2 AND d.\"Users\" > 0 ORDER BY d.\"Users\" DESC, n.\"Name\"",
                vendorId, id, (int)UsageMeasure.Extension);
            var users = Number("SELECT COALESCE(SUM(\"Users\"), 0) FROM \"UsageDays\" WHERE \"VendorId\" = @p0 AND \"CustomerId\" = @p1 AND \"Measure\" = @p2", vendorId, id, (int)UsageMeasure.AnyExtension);
            return new UsageExtensionsNow((int)users, [.. ranks.Take(TopExtensions)]);
        }

        private List<UsageRank> Ranks(string sql, params ReadOnlySpan<object?> values)
        {
            using var statement = new PreparedStatement(connection, sql, values.Length);
            using var reader = statement.Read(values);
            var ranks = new List<UsageRank>();
            while (reader.Read())
                ranks.Add(new UsageRank(reader.GetString(0), reader.GetInt64(1)));
            return ranks;
        }

        private (int All, int OptedOut) Members(int customerId)
        {
            var ofCustomer = customerId == UsageDay.Everyone ? "" : " AND \"CustomerId\" = @p1";
            using var statement = new PreparedStatement(
                connection, $"SELECT COUNT(*), COALESCE(SUM(\"IsOptedOut\"), 0) FROM \"ProductUsers\" WHERE \"VendorId\" = @p0{ofCustomer} AND \"IsErased\" = 0", 2);
            using var reader = statement.Read(vendorId, customerId);
            return reader.Read() ? (reader.GetInt32(0), reader.GetInt32(1)) : (0, 0);
        }

        private Dictionary<int, string> Names()
        {
            using var statement = new PreparedStatement(connection, "SELECT \"Id\", \"Name\" FROM \"UsageNames\" WHERE \"VendorId\" = @p0 AND \"Kind\" IN (@p1, @p2)", 3);
            using var reader = statement.Read(vendorId, (int)UsageNameKind.Version, (int)UsageNameKind.System);
            var names = new Dictionary<int, string>();
            while (reader.Read())
                names[reader.GetInt32(0)] = reader.GetString(1);
            return names;
        }

        private int? Customer(string? name)
        {
            if (name is null)
                return UsageDay.Everyone;
            if (name == Unassigned)
                return ProductUser.Unassigned;
            using var statement = new PreparedStatement(connection, "SELECT \"Id\" FROM \"Customers\" WHERE \"VendorId\" = @p0 AND \"Name\" = @p1", 2);
            return statement.Scalar(vendorId, name) is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;
        }

        private DateTime? Updated()
        {
            using var statement = new PreparedStatement(connection, "SELECT \"UsageUtc\" FROM \"Vendors\" WHERE \"Id\" = @p0", 1);
            using var reader = statement.Read(vendorId);
            return reader.Read() && !reader.IsDBNull(0) ? DateTime.SpecifyKind(reader.GetDateTime(0), DateTimeKind.Utc) : null;
        }

        private long Number(string sql, params ReadOnlySpan<object?> values)
        {
            using var statement = new PreparedStatement(connection, sql, values.Length);
            return Convert.ToInt64(statement.Scalar(values) ?? 0L, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A measure day by day.</summary>
    private sealed class Series(int days)
    {
        public int[] Users { get; } = new int[days];

        public long[] Counts { get; } = new long[days];

        public long Sum { get; private set; }

        public int Different { get; private set; }

        public void Add(int day, int users, int lastUsers, long count, long sum)
        {
            Users[day] += users;
            Counts[day] += count;
            Sum += sum;
            Different += lastUsers;
        }
    }
}
