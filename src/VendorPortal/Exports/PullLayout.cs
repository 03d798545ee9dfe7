using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VendorPortal.Exports;

/// <summary>
/// How a row becomes bytes: its columns with what stands before each, and its end. Texts are encoded by the library of the format, once a
/// value and not once a row.
/// </summary>
internal sealed class PullLayout
{
    // As ASP.NET Core writes the API: a line is character by character the item of a page. Line ends within text are escaped in any case.
    private static readonly JsonSerializerOptions JsonText = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The properties of the API's item in their order, which System.Text.Json knows.
    private static readonly (string Name, PullColumn Column)[] ApiColumns = ReadApiColumns();

    /// <summary>What comes before the first row.</summary>
    public required byte[] Header { get; init; }

    public required (byte[] Before, PullColumn Column)[] Columns { get; init; }

    /// <summary>What ends a row.</summary>
    public required byte[] End { get; init; }

    /// <summary>What stands between two rows beside the end of the first.</summary>
    public byte[] Between { get; init; } = [];

    /// <summary>What comes after the last row.</summary>
    public byte[] Footer { get; init; } = [];

    /// <summary>True where the fraction of a second has no zeros at its end, false where it has three digits.</summary>
    public required bool ShortTime { get; init; }

    /// <summary>What stands around ids and times, which are texts.</summary>
    public required byte[] Quote { get; init; }

    /// <summary>What stands for "unknown".</summary>
    public required byte[] Unknown { get; init; }

    /// <summary>A text as it stands in a row.</summary>
    public required Func<string, byte[]> Encode { get; init; }

    public bool Has(PullColumn column) => Columns.Any(c => c.Column == column);

    public static PullLayout Of(ExportOptions options) => options.Format switch
    {
        ExportFormat.Csv => Csv(options),
        ExportFormat.Ndjson => Json(options, [], [], [], "}\n"u8.ToArray()),
        _ => Json(options, "["u8.ToArray(), ",\n"u8.ToArray(), "]\n"u8.ToArray(), "}"u8.ToArray()),
    };

    // RFC 4180. What is unknown is an empty cell; alone in its row it is quoted, as an empty line is no row to many readers.
    private static PullLayout Csv(ExportOptions options)
    {
        var chosen = options.Columns
            ?? (options.AllColumns ? [.. ExportColumns.Page, .. ApiColumns.Select(c => c.Column).Except(ExportColumns.Page)] : ExportColumns.Page);
        return new PullLayout
        {
            Header = Encoding.ASCII.GetBytes(string.Join(',', chosen.Select(CsvName)) + "\r\n"),
            Columns = [.. chosen.Select((column, i) => (i == 0 ? [] : ","u8.ToArray(), column))],
            End = "\r\n"u8.ToArray(),
            ShortTime = false,
            Quote = [],
            Unknown = chosen.Count == 1 ? "\"\""u8.ToArray() : [],
            Encode = CsvCells.Encoder(options.Raw),
        };
    }

    private static string CsvName(PullColumn column) =>
        column == PullColumn.At ? "Date" : ExportColumns.Page.Contains(column) ? column.ToString() : ApiColumns.First(c => c.Column == column).Name;

    private static PullLayout Json(ExportOptions options, byte[] header, byte[] between, byte[] footer, byte[] end)
    {
        var chosen = options.Columns?.Select(column => ApiColumns.First(c => c.Column == column)) ?? ApiColumns;
        return new PullLayout
        {
            Header = header,
            Columns = [.. chosen.Select((c, i) => (Encoding.ASCII.GetBytes($"{(i == 0 ? '{' : ',')}\"{c.Name}\":"), c.Column))],
            End = end,
            Between = between,
            Footer = footer,
            ShortTime = true,
            Quote = "\""u8.ToArray(),
            Unknown = "null"u8.ToArray(),
            Encode = text => JsonSerializer.SerializeToUtf8Bytes(text, JsonText),
        };
    }

    private static (string Name, PullColumn Column)[] ReadApiColumns()
    {
        JsonText.MakeReadOnly(populateMissingResolver: true);
        return [.. JsonText.GetTypeInfo(typeof(PullRecord)).Properties.Select(p => (p.Name, Enum.Parse<PullColumn>(p.Name, ignoreCase: true)))];
    }
}
