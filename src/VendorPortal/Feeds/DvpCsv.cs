using System.Globalization;
using CsvHelper;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Feeds;

/// <summary>
/// Raw data of Docker Hub's publisher insights, as CSV with a header: a row an action, classified by Docker. Each row becomes a pull of the kind
/// it names, kept as such. Columns in any order, spelled <c>user_agent_tool</c> or as in Docker's pages ("User agent tool"); no address and no
/// account is in such a file. Columns: docs/feeds.md.
/// </summary>
public sealed class DvpCsv : IFeedParser
{
    private static readonly string[] NoValue = ["", "\\N", "\\\\N", "null"];

    private readonly CsvReaderOptions options;
    private Dictionary<string, int>? columns;
    private bool isBad;
    private uint row;

    public DvpCsv() =>
        options = new() { HasHeader = false, Separator = ',', TrimWhitespace = true, TrimInsideQuotes = true, OnMalformedRecord = _ => isBad = true };

    private enum Column
    {
        Timestamp,
        ActionDay,
        Namespace,
        Repository,
        Reference,
        Digest,
        Tag,
        HttpMethod,
        Action,
        UserAgentTool,
        UserAgentVersion,
    }

    public FeedFraming Framing => FeedFraming.Lines;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        if (columns is not null)
            batch.Index--; // the header is no row
        if (Cells(piece.Span) is not { } cells)
        {
            batch.RejectMalformed("the line is not CSV: a quote is not closed or stands inside a cell", piece.Span);
        }
        else if (columns is null)
        {
            columns = Header(cells);
        }
        else
        {
            var key = EventKey.Of(piece.Span).Value + row++; // rows often have the same text: a row is its text and its place in the file
            if (ReadRow(cells, new EventKey(key), nowUtc, batch) is { } reason)
                batch.Reject(reason, piece.Span);
        }
    }

    private string[]? Cells(ReadOnlySpan<byte> line)
    {
        isBad = false;
        using var reader = CsvReader.Create(line.ToArray(), options);
        if (!reader.Read() || isBad)
            return null;
        var cells = new string[reader.FieldCount];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = reader.GetString(i);
        return cells;
    }

    private static Dictionary<string, int> Header(string[] cells)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Length; i++)
            found.TryAdd(Name(cells[i]), i);
        bool Has(Column column) => found.ContainsKey(column.ToString());
        string[] missing =
        [
            .. Has(Column.Timestamp) || Has(Column.ActionDay) ? Array.Empty<string>() : ["timestamp"],
            .. Has(Column.Repository) ? Array.Empty<string>() : ["repository"],
            .. Has(Column.Action) ? Array.Empty<string>() : ["action"],
            .. Has(Column.Reference) || Has(Column.Digest) || Has(Column.Tag) ? Array.Empty<string>() : ["reference"],
        ];
        return missing.Length == 0 ? found : throw new FeedFormatException($"The first line is not the header of Docker Hub's raw data; missing: {string.Join(", ", missing)}.");
    }

    // "user_agent_tool", "User agent tool" and "USER_AGENT_TOOL" are one column.
    private static string Name(string cell)
    {
        var plain = string.Concat(cell.Where(char.IsLetterOrDigit));
        return Enum.TryParse<Column>(plain, ignoreCase: true, out var column) ? column.ToString() : plain;
    }

    private string? ReadRow(string[] cells, EventKey key, DateTime nowUtc, FeedBatch batch)
    {
        if (!TryKind(Cell(cells, Column.Action), out var kind))
            return "action is none of pull_by_tag, pull_by_digest and version_check";
        if (!TryTime(Cell(cells, Column.Timestamp) ?? Cell(cells, Column.ActionDay), out var at))
            return "timestamp is not of the form yyyy-MM-dd HH:mm:ss";
        if (RequestFields.CheckTime("timestamp", at, nowUtc) is { } badTime)
            return badTime;
        var (owner, name) = (Cell(cells, Column.Namespace), Cell(cells, Column.Repository));
        var repository = owner is null || name is null || name.Contains('/', StringComparison.Ordinal) ? name : $"{owner}/{name}";
        if (RequestFields.CheckRepository("repository", repository) is { } badRepository)
            return badRepository;
        if (ReadReference(cells, kind, out var tag, out var digest) is { } badReference)
            return badReference;
        batch.Requests.Add(new RegistryRequest
        {
            EventId = key,
            AtUtc = at,
            Method = Cell(cells, Column.HttpMethod) is { } method ? (method == "HEAD" ? RequestMethod.Head : RequestMethod.Get) : kind == PullKind.VersionCheck ? RequestMethod.Head : RequestMethod.Get,
            Repository = repository!,
            Tag = tag,
            Digest = digest,
            UserAgent = RequestFields.Clean(Client(cells), Storage.Entities.Client.MaxUserAgent),
            GivenKind = kind,
        });
        return null;
    }

    private string? ReadReference(string[] cells, PullKind kind, out string? tag, out string? digest)
    {
        var reference = Cell(cells, Column.Reference);
        var isDigest = RequestFields.IsDigest(reference);
        digest = Cell(cells, Column.Digest) ?? (isDigest ? reference : null);
        tag = kind == PullKind.PullByDigest ? null : Cell(cells, Column.Tag) ?? (isDigest ? null : reference);
        if (tag is null && digest is null)
            return "the row names no tag or digest";
        if (digest is not null && !RequestFields.IsDigest(digest))
            return "digest is not of the form algorithm:hex";
        return tag is null ? null : RequestFields.CheckTag("tag", tag);
    }

    private string? Client(string[] cells) =>
        Cell(cells, Column.UserAgentTool) is not { } tool ? null : Cell(cells, Column.UserAgentVersion) is { } version ? $"{tool}/{version}" : tool;

    private string? Cell(string[] cells, Column column) =>
        columns!.TryGetValue(column.ToString(), out var index) && index < cells.Length && !NoValue.Contains(cells[index], StringComparer.Ordinal) ? cells[index] : null;

    private static bool TryKind(string? action, out PullKind kind)
    {
        kind = action switch
        {
            "pull_by_tag" => PullKind.PullByTag,
            "pull_by_digest" => PullKind.PullByDigest,
            "version_check" => PullKind.VersionCheck,
            _ => default,
        };
        return kind != default;
    }

    private static bool TryTime(string? text, out DateTime at) => DateTime.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
