using System.Collections.Frozen;
using CsvHelper;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// Text files of networks, told apart by their first row: ranges as ip-location-db and DB-IP publish them (<c>start,end,country</c> or
/// <c>start,end,number,organisation</c>), CSV with named columns as IPinfo publishes it, lists of prefixes of a cloud (a column each, or RFC 8805 with the
/// country behind), and lists of autonomous systems of one type. <c>#</c> begins a comment.
/// </summary>
internal static class NetworkText
{
    private const string Accepted =
        "accepted are start,end,country or start,end,number,organisation; columns named network (or start_ip, end_ip) and country_code, asn, …; " +
        "a prefix such as 203.0.113.0/24 a line; or AS64500 a line";

    private static readonly FrozenDictionary<string, string> HostNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["amazon"] = "aws", ["google"] = "gcp", ["microsoft"] = "azure",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> TypeNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["hosting"] = NetworkTypes.Hosting, ["datacenter"] = NetworkTypes.Hosting, ["isp"] = NetworkTypes.Isp, ["access"] = NetworkTypes.Isp,
        ["education"] = NetworkTypes.Education, ["business"] = NetworkTypes.Business,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private enum Form
    {
        Systems,
        Prefixes,
        Ranges,
        Named,
    }

    /// <summary>Reads a file; <paramref name="into"/> collects the ranges of several as one table.</summary>
    /// <exception cref="NetworkFileException">A row cannot be read; the message has its line.</exception>
    public static NetworkFileContent Read(string name, ReadOnlyMemory<byte> file, RangeTable.Builder? into = null)
    {
        try
        {
            var form = FormOf(file);
            using var reader = Open(file, form is Form.Systems or Form.Prefixes ? CsvMode.NoEscape : CsvMode.Rfc4180); // remarks may hold quotes
            reader.Read();
            var ranges = into ?? new RangeTable.Builder();
            var content = form switch
            {
                Form.Systems => ReadSystems(name, reader),
                Form.Prefixes => ReadPrefixes(name, reader, ranges),
                Form.Ranges => ReadRanges(reader, ranges),
                _ => ReadNamed(reader, ranges),
            };
            return content.Entries > 0 ? content : throw new NetworkFileException("None of its rows tells anything.");
        }
        catch (Exception error) when (error is CsvFormatException or InvalidDataException)
        {
            throw new NetworkFileException(error.Message);
        }
    }

    private static CsvReader Open(ReadOnlyMemory<byte> file, CsvMode mode) => CsvReader.Create(file, new CsvReaderOptions
    {
        HasHeader = false, Mode = mode, CommentPrefix = '#', TrimWhitespace = true, TrackLineNumbers = true, MaxRecordSize = 64 * 1024,
        OnMalformedRecord = record => throw new NetworkFileException($"Line {record.LineNumber} is malformed: {record.Reason}."),
    });

    private static Form FormOf(ReadOnlyMemory<byte> file)
    {
        using var reader = Open(file, CsvMode.NoEscape);
        if (!reader.Read())
            throw new NetworkFileException("It is empty.");
        var first = reader.GetString(0).Trim('"');
        if (IsSystem(first))
            return Form.Systems;
        if (reader.FieldCount > 2 && IpNumber.Parse(first) is not null && IpNumber.Parse(reader.GetString(1).Trim('"')) is not null)
            return Form.Ranges;
        return IpNumber.ParseNetwork(WithoutRemark(first)) is null ? Form.Named : Form.Prefixes;
    }

    private static NetworkFileContent ReadRanges(CsvReader reader, RangeTable.Builder ranges)
    {
        var columns = reader.FieldCount;
        if (columns is not (3 or 4))
            throw Bad(reader, $"has {columns} columns");
        do
        {
            if (reader.FieldCount != columns)
                throw Bad(reader, $"has {reader.FieldCount} columns instead of {columns}");
            Add(ranges, reader, Range(reader, reader.GetString(0), reader.GetString(1)), columns == 3
                ? new NetworkRecord { Country = Countries.Code(reader.GetString(2)) }
                : new NetworkRecord { Asn = NetworkFields.Asn(reader.GetString(2)), Organisation = NetworkFields.Organisation(reader.GetString(3)) });
        }
        while (reader.Read());
        return new NetworkFileContent(columns == 3 ? "Country ranges" : "Network ranges") { Source = ranges.Build() };
    }

    private static NetworkFileContent ReadNamed(CsvReader reader, RangeTable.Builder ranges)
    {
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < reader.FieldCount; i++)
            at.TryAdd(reader.GetString(i).ToLowerInvariant(), i);
        var columns = reader.FieldCount;
        if (!(at.ContainsKey("network") || (at.ContainsKey("start_ip") && at.ContainsKey("end_ip"))) || !at.Keys.Any(NetworkFields.Columns.Contains))
            throw Bad(reader, "tells no networks");
        while (reader.Read())
        {
            if (reader.FieldCount != columns)
                throw Bad(reader, $"has {reader.FieldCount} columns instead of {columns}");
            var range = at.TryGetValue("network", out var network)
                ? Network(reader, reader.GetString(network))
                : Range(reader, reader.GetString(at["start_ip"]), reader.GetString(at["end_ip"]));
            Add(ranges, reader, range, NetworkFields.Read(field => at.TryGetValue(field, out var column) ? reader.GetString(column) : null));
        }

        return new NetworkFileContent("Network ranges") { Source = ranges.Build() };
    }

    private static NetworkFileContent ReadPrefixes(string name, CsvReader reader, RangeTable.Builder ranges)
    {
        var host = HostOf(name);
        do
        {
            var country = reader.FieldCount > 1 ? Countries.Code(reader.GetString(1)) : null;
            Add(ranges, reader, Network(reader, WithoutRemark(reader.GetString(0))), new NetworkRecord { Host = host, Country = country });
        }
        while (reader.Read());
        return new NetworkFileContent($"Prefixes of {host}") { Source = ranges.Build(), Host = host };
    }

    private static NetworkFileContent ReadSystems(string name, CsvReader reader)
    {
        var type = Words(name).Select(TypeNames.GetValueOrDefault).FirstOrDefault(found => found is not null)
            ?? throw new NetworkFileException($"It lists autonomous systems, but its name does not say of which type; one of its words has to be {string.Join(", ", TypeNames.Keys)}.");
        var systems = new Dictionary<uint, string>();
        do
        {
            var text = WithoutRemark(reader.GetString(0));
            systems[NetworkFields.Asn(text) ?? throw Bad(reader, $"has '{Shown(text)}', which is no number such as AS64500")] = type;
        }
        while (reader.Read());
        return new NetworkFileContent($"Autonomous systems: {type}") { Systems = systems };
    }

    /// <summary>The cloud a list is named for: the first word of the file's name.</summary>
    private static string HostOf(string name)
    {
        var word = Words(name).FirstOrDefault() ?? "";
        if (word.Length is 0 or > NetworkRecord.MaxHost || !word.All(char.IsAsciiLetterOrDigit))
            throw new NetworkFileException("It lists prefixes; its name has to begin with the cloud they belong to, as in hetzner-ipv4.txt.");
        return HostNames.GetValueOrDefault(word, word);
    }

    private static string[] Words(string name) =>
        Path.GetFileNameWithoutExtension(name).ToLowerInvariant().Split(['-', '_', '.', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSystem(string text) => text.Length > 2 && text.StartsWith("AS", StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(text[2]);

    private static string WithoutRemark(string text) => text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? text[..hash].TrimEnd() : text;

    private static (UInt128 First, UInt128 Last) Network(CsvReader reader, string text) =>
        IpNumber.ParseNetwork(text) ?? throw Bad(reader, $"has '{Shown(text)}', which is neither an address nor a network such as 203.0.113.0/24");

    private static (UInt128 First, UInt128 Last) Range(CsvReader reader, string from, string to)
    {
        if (IpNumber.Parse(from) is not { } first || IpNumber.Parse(to) is not { } last || IpNumber.IsFour(first) != IpNumber.IsFour(last) || first > last)
            throw Bad(reader, $"has '{Shown(from)}' to '{Shown(to)}', which is no range of addresses");
        return (first, last);
    }

    // What says nothing would only hide what a wider range says.
    private static void Add(RangeTable.Builder ranges, CsvReader reader, (UInt128 First, UInt128 Last) range, NetworkRecord record)
    {
        if (record == NetworkRecord.Nothing)
            return;
        if (ranges.Count == RangeTable.Builder.MaxRanges)
            throw Bad(reader, $"is beyond the {RangeTable.Builder.MaxRanges:N0} ranges a file may have");
        ranges.Add(range.First, range.Last, record);
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private static NetworkFileException Bad(CsvReader reader, string what) => new($"Line {reader.LineNumber} {what}; {Accepted}.");
}
