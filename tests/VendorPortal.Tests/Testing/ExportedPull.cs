using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VendorPortal.Tests.Testing;

/// <summary>A row of an export with all columns, read back; equal to what a described pull must give.</summary>
public sealed record ExportedPull(
    long Id, DateTime At, string Kind, string? Customer, string? User, string? Address, string Artifact, string Version, string? Tag, string? Digest,
    string? Client, string? ClientVersion, int Requests)
{
    public static ExportedPull Of(LoggedPull pull)
    {
        var isDigest = pull.Version.Contains(':', StringComparison.Ordinal);
        return new(
            pull.Id, pull.At, RandomLogs.WireName(pull.Kind), pull.Customer, pull.User, pull.Address, pull.Artifact, pull.Version, isDigest ? null : pull.Version,
            pull.Digest ?? (isDigest ? pull.Version : null), pull.Client?.Tool, pull.Client?.Version, pull.Requests);
    }

    /// <summary>Rows of a raw CSV.</summary>
    public static List<ExportedPull> ReadCsv(MemoryStream csv)
    {
        var rows = CsvText.Parse(Encoding.UTF8.GetString(csv.ToArray()));
        return [.. rows.Skip(1).Select(Read)];

        ExportedPull Read(IReadOnlyList<string> row)
        {
            string Text(string column) => row[rows[0].ToList().IndexOf(column)];
            string? Known(string column) => Text(column) is { Length: > 0 } text ? text : null;
            return new(
                long.Parse(Text("id"), CultureInfo.InvariantCulture), DateTimeOffset.Parse(Text("Date"), CultureInfo.InvariantCulture).UtcDateTime, Text("kind"), Known("Customer"), Known("User"),
                Known("Address"), Text("Artifact"), Text("Version"), Known("tag"), Known("digest"), Known("client"), Known("clientVersion"), int.Parse(Text("requests"), CultureInfo.InvariantCulture));
        }
    }

    public static List<ExportedPull> ReadNdjson(MemoryStream lines)
    {
        return [.. Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

        static ExportedPull Read(string line)
        {
            using var document = JsonDocument.Parse(line);
            var item = document.RootElement;
            string? Known(string name) => item.GetProperty(name).GetString();
            return new(
                long.Parse(Known("id")!, CultureInfo.InvariantCulture), item.GetProperty("at").GetDateTime(), Known("kind")!, Known("customer"), Known("user"), Known("address"), Known("artifact")!,
                Known("version")!, Known("tag"), Known("digest"), Known("client"), Known("clientVersion"), item.GetProperty("requests").GetInt32());
        }
    }
}
