using System.Data.Common;
using System.Globalization;
using VendorPortal.Enrichment;
using VendorPortal.Segments;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>Looks up the names of a filter in the dimensions. What is unknown there keeps nothing.</summary>
internal static class PullSelector
{
    // What is wanted is in few segments, so that the others are skipped; the labels are in every one and come last.
    private static readonly FilterDimension[] Order =
    [
        FilterDimension.Artifact, FilterDimension.Customer, FilterDimension.User, FilterDimension.Version, FilterDimension.Address,
        FilterDimension.Country, FilterDimension.Host, FilterDimension.NetworkType, FilterDimension.Client, FilterDimension.Kind,
    ];

    // Neither tool nor version is known.
    private const string UnknownClient = $"{PullFilter.None}/{PullFilter.None}";

    private static readonly FilterDimension[] AddressFacts = [FilterDimension.Country, FilterDimension.Host, FilterDimension.NetworkType];

    /// <summary>
    /// With <paramref name="eachAlone"/> every dimension is looked up as if it stood alone, so that any of them may be left out again;
    /// otherwise versions are only those of the artifacts.
    /// </summary>
    public static PullSelection Select(DbConnection connection, int vendorId, PullFilter filter, bool eachAlone = false)
    {
        var names = new Names(connection, vendorId);
        var columns = new List<ColumnFilter>();
        var filtered = new Dictionary<FilterDimension, ColumnFilter>();
        if (!eachAlone && names.FindFacts(filter) is { } known)
            columns.Add(known);
        foreach (var dimension in Order)
        {
            if (!eachAlone && AddressFacts.Contains(dimension))
                continue;
            var (only, not) = (filter.Only[dimension], filter.Not[dimension]);
            var within = dimension == FilterDimension.Version && !eachAlone ? filter.Artifacts : FilterValues.Empty;
            if (only.Count > 0 || not.Count > 0)
                columns.Add(filtered[dimension] = new ColumnFilter(ColumnOf(dimension), names.Find(dimension, only, within), names.Find(dimension, not, within)));
        }

        if (filter.Publishers != PublisherPulls.Include)
        {
            var unlabelled = IdBits.Of([0]);
            columns.Add(filter.Publishers == PublisherPulls.Only
                ? new ColumnFilter(SegmentColumn.Labels, Only: null, unlabelled)
                : new ColumnFilter(SegmentColumn.Labels, unlabelled));
        }

        var first = filter.FromUtc is { } from ? PullIds.Bound(from) : 0;
        var end = filter.ToUtc is { } to ? PullIds.Bound(to) : long.MaxValue;
        return new PullSelection(vendorId, new SegmentFilter(first, end, columns) { AnyOf = filter.Text is { } text ? names.Containing(text) : [] }) { Filtered = filtered };
    }

    /// <summary>The ids that one value of a dimension stands for.</summary>
    public static IdBits Find(DbConnection connection, int vendorId, FilterDimension dimension, string value) =>
        new Names(connection, vendorId).Find(dimension, [value], FilterValues.Empty)!;

    /// <summary>The column a dimension is kept in; what is known of addresses, in theirs.</summary>
    public static SegmentColumn ColumnOf(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => SegmentColumn.Customer,
        FilterDimension.User => SegmentColumn.User,
        FilterDimension.Artifact => SegmentColumn.Artifact,
        FilterDimension.Version => SegmentColumn.Version,
        FilterDimension.Kind => SegmentColumn.Kind,
        FilterDimension.Client => SegmentColumn.Client,
        _ => SegmentColumn.Address,
    };

    /// <summary>Where a dimension is kept that is a fact of clients or addresses.</summary>
    public static (string Table, string Column) FactOf(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Client => ("Clients", "Tool"),
        FilterDimension.Country => ("Addresses", "Country"),
        FilterDimension.Host => ("Addresses", "Host"),
        FilterDimension.NetworkType => ("Addresses", "NetworkType"),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A dimension of its own."),
    };

    /// <summary>The names of one vendor's dimensions, as ids.</summary>
    private sealed class Names(DbConnection connection, int vendorId)
    {
        /// <summary>Null where no names are given.</summary>
        public IdBits? Find(FilterDimension dimension, FilterValues values, FilterValues artifacts)
        {
            if (values.Count == 0)
                return null;
            var found = new IdBits();
            switch (dimension)
            {
                case FilterDimension.Kind:
                    foreach (var name in values)
                        found.Add((int)(KindNames.TryParse(name, out var kind) ? kind : throw new ArgumentException($"'{name}' is not the wire name of a kind.", nameof(values))));
                    return found;
                case FilterDimension.Version:
                    AddNames(found, $"SELECT Id FROM Versions WHERE VendorId = @vendor{Within(artifacts)} AND Name", values);
                    return found;
                case FilterDimension.Artifact:
                    AddArtifacts(found, values);
                    return found;
                case FilterDimension.Address:
                    AddRanges(found, values);
                    break;
                case FilterDimension.Customer:
                    AddNames(found, "SELECT Id FROM Customers WHERE VendorId = @vendor AND Name", values);
                    break;
                case FilterDimension.User:
                    AddNames(found, "SELECT Id FROM Users WHERE VendorId = @vendor AND Principal", values);
                    break;
                default:
                    AddKnown(found, dimension, values);
                    break;
            }

            if (values.Contains(PullFilter.None) || (dimension == FilterDimension.Client && values.Contains(UnknownClient)))
                found.Add(SegmentLimits.Unknown);
            return found;
        }

        /// <summary>What all filters of facts of addresses keep together, by one walk over the addresses; null where there are none.</summary>
        public ColumnFilter? FindFacts(PullFilter filter)
        {
            var only = Array.FindAll(AddressFacts, dimension => filter.Only[dimension].Count > 0);
            var not = Array.FindAll(AddressFacts, dimension => filter.Not[dimension].Count > 0);
            if (only.Length + not.Length == 0)
                return null;
            using var command = Command("");
            var kept = only.Select(dimension => Matches(command, dimension, filter.Only[dimension])).ToList();
            var left = not.Select(dimension => Matches(command, dimension, filter.Not[dimension])).ToList();
            var matches = only.Length == 0 ? string.Join(" OR ", left) : string.Join(" AND ", kept.Concat(left.Select(one => $"NOT {one}")));
            command.CommandText = $"SELECT Id FROM Addresses WHERE VendorId = @vendor AND ({matches})";
            var found = new IdBits();
            AddIds(found, command);
            var leavesUnknown = not.Any(dimension => filter.Not[dimension].Contains(PullFilter.None));
            if (only.Length == 0 ? leavesUnknown : !leavesUnknown && only.All(dimension => filter.Only[dimension].Contains(PullFilter.None)))
                found.Add(SegmentLimits.Unknown);
            return only.Length == 0 ? new ColumnFilter(SegmentColumn.Address, Only: null, found) : new ColumnFilter(SegmentColumn.Address, found);
        }

        /// <summary>For each column with names those that contain a text; at least one, which may keep nothing.</summary>
        public IReadOnlyList<ColumnFilter> Containing(string text)
        {
            var search = new NameSearch(text);
            List<ColumnFilter> columns =
            [
                new(SegmentColumn.Artifact, Containing(search, "SELECT Id, Name, NULL FROM Artifacts WHERE VendorId = @vendor AND lower(Name) LIKE @pattern ESCAPE '!'")),
                new(SegmentColumn.Customer, Containing(search, "SELECT Id, Name, NULL FROM Customers WHERE VendorId = @vendor AND lower(Name) LIKE @pattern ESCAPE '!'")),
                new(SegmentColumn.User, Containing(search, "SELECT Id, Principal, Name FROM Users WHERE VendorId = @vendor AND (lower(Principal) LIKE @pattern ESCAPE '!' OR lower(Name) LIKE @pattern ESCAPE '!')")),
                new(SegmentColumn.Version, Containing(search, "SELECT Id, Name, NULL FROM Versions WHERE VendorId = @vendor AND lower(Name) LIKE @pattern ESCAPE '!'")),
            ];
            var some = columns.FindAll(column => !column.Only!.IsEmpty);
            return some.Count > 0 ? some : columns[..1];
        }

        private IdBits Containing(NameSearch search, string query)
        {
            var found = new IdBits();
            using var command = Command(query);
            command.Add("@pattern", search.Pattern);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (search.Matches(reader.GetString(1)) || (!reader.IsDBNull(2) && search.Matches(reader.GetString(2))))
                    found.Add(reader.GetInt32(0));
            }

            return found;
        }

        private void AddNames(IdBits into, string query, FilterValues names)
        {
            using var command = Command($"{query} IN ({string.Join(',', names.Select((_, i) => Parameter(i)))})");
            for (var i = 0; i < names.Count; i++)
                command.Add(Parameter(i), names[i]);
            AddIds(into, command);
        }

        private void AddArtifacts(IdBits into, FilterValues values)
        {
            var names = FilterValues.From(values.Where(value => !value.EndsWith(PullFilter.AllOfNamespace, StringComparison.Ordinal)));
            if (names.Count > 0)
                AddNames(into, "SELECT Id FROM Artifacts WHERE VendorId = @vendor AND Name", names);
            if (names.Count == values.Count)
                return;
            using var command = Command("SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (values.Contains(Artifact.NamespaceOf(reader.GetString(1)) + PullFilter.AllOfNamespace))
                    into.Add(reader.GetInt32(0));
            }
        }

        private void AddKnown(IdBits into, FilterDimension dimension, FilterValues values)
        {
            using var command = Command("");
            command.CommandText = $"SELECT Id FROM {FactOf(dimension).Table} WHERE VendorId = @vendor AND {Matches(command, dimension, values)}";
            AddIds(into, command);
        }

        // Where a client or an address is known, this may still be unknown of it. Never null, so that it can be negated.
        private static string Matches(DbCommand command, FilterDimension dimension, FilterValues values)
        {
            var column = FactOf(dimension).Column;
            var names = new List<string>();
            foreach (var value in values)
            {
                names.Add(Parameter(command.Parameters.Count));
                command.Add(names[^1], value);
            }

            var among = $"IN ({string.Join(',', names)})";
            var matches = values.Contains(PullFilter.None) ? $"{column} IS NULL OR {column} {among}" : $"{column} IS NOT NULL AND {column} {among}";
            // A client is named by its tool, or by tool and version.
            return dimension == FilterDimension.Client && values.Any(value => value.Contains('/', StringComparison.Ordinal))
                ? $"({matches} OR coalesce(Tool, '{PullFilter.None}') || '/' || coalesce(ToolVersion, '{PullFilter.None}') {among})"
                : $"({matches})";
        }

        // Each range is one walk along the index; together in one statement they would be a scan.
        private void AddRanges(IdBits into, FilterValues addresses)
        {
            foreach (var text in addresses.Where(text => text != PullFilter.None))
            {
                var range = IpRange.Parse(text) ?? throw new ArgumentException($"'{text}' is neither an address nor a CIDR range.", nameof(addresses));
                using var command = Command("SELECT Id FROM Addresses WHERE VendorId = @vendor AND Value BETWEEN @first AND @last");
                command.Add("@first", range.First);
                command.Add("@last", range.Last);
                AddIds(into, command);
            }
        }

        // A tag such as "latest" is a version of many artifacts; with the artifact known only its own are taken.
        private string Within(FilterValues artifacts)
        {
            var ids = new List<int>();
            Find(FilterDimension.Artifact, artifacts, FilterValues.Empty)?.AddTo(ids);
            return ids.Count > 0 ? $" AND ArtifactId IN ({string.Join(',', ids)})" : "";
        }

        private DbCommand Command(string query)
        {
            var command = connection.CreateCommand();
            command.CommandText = query;
            command.Add("@vendor", vendorId);
            return command;
        }

        private static void AddIds(IdBits into, DbCommand command)
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                into.Add(reader.GetInt32(0));
        }

        private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");
    }
}
