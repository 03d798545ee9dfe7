using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;

namespace VendorPortal.Exports;

/// <summary>
/// How a row becomes bytes: its columns with what stands before each, and its end. Texts are encoded by the library of the format, once a
/// value and not once a row.
/// </summary>
internal sealed class PullLayout
{
    private static readonly PullColumn[] CsvColumns =
        [PullColumn.At, PullColumn.Customer, PullColumn.User, PullColumn.Email, PullColumn.Address, PullColumn.Artifact, PullColumn.Version];

    // As ASP.NET Core writes the API: a line is character by character the item of a page. Line ends within text are escaped in any case.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The properties of the API's item in their order, which System.Text.Json knows.
    private static readonly (string Name, PullColumn Column)[] ApiColumns = ReadApiColumns();

    /// <summary>What comes before the first row.</summary>
    public required byte[] Header { get; init; }

    public required (byte[] Before, PullColumn Column)[] Columns { get; init; }

    /// <summary>What ends a row.</summary>
    public required byte[] End { get; init; }

    /// <summary>True where the fraction of a second has no zeros at its end, false where it has three digits.</summary>
    public required bool ShortTime { get; init; }

    /// <summary>What stands around ids and times, which are texts.</summary>
    public required byte[] Quote { get; init; }

    /// <summary>What stands for "unknown".</summary>
    public required byte[] Unknown { get; init; }

    /// <summary>A text as it stands in a row.</summary>
    public required Func<string, byte[]> Encode { get; init; }

    public bool Has(PullColumn column) => Columns.Any(c => c.Column == column);

    public static PullLayout Of(ExportOptions options) => options.Format == ExportFormat.Csv ? Csv(options) : Ndjson();

    // RFC 4180. What is unknown is an empty cell.
    private static PullLayout Csv(ExportOptions options)
    {
        List<(string Name, PullColumn Column)> columns = [.. CsvColumns.Select(c => (c == PullColumn.At ? "Date" : c.ToString(), c))];
        if (options.AllColumns)
            columns.AddRange(ApiColumns.Where(c => !CsvColumns.Contains(c.Column)));
        return new PullLayout
        {
            Header = Encoding.ASCII.GetBytes(string.Join(',', columns.Select(c => c.Name)) + "\r\n"),
            Columns = [.. columns.Select((c, i) => (i == 0 ? [] : ","u8.ToArray(), c.Column))],
            End = "\r\n"u8.ToArray(),
            ShortTime = false,
            Quote = [],
            Unknown = [],
            Encode = CsvCells(options.Raw),
        };
    }

    private static PullLayout Ndjson() => new()
    {
        Header = [],
        Columns = [.. ApiColumns.Select((c, i) => (Encoding.ASCII.GetBytes($"{(i == 0 ? '{' : ',')}\"{c.Name}\":"), c.Column))],
        End = "}\n"u8.ToArray(),
        ShortTime = true,
        Quote = "\""u8.ToArray(),
        Unknown = "null"u8.ToArray(),
        Encode = text => JsonSerializer.SerializeToUtf8Bytes(text, Json),
    };

    private static (string Name, PullColumn Column)[] ReadApiColumns()
    {
        Json.MakeReadOnly(populateMissingResolver: true);
        return [.. Json.GetTypeInfo(typeof(PullRecord)).Properties.Select(p => (p.Name, Enum.Parse<PullColumn>(p.Name, ignoreCase: true)))];
    }

    // Quoted where they have to be and, unless raw, guarded: the writer of the format writes each value alone.
    private static Func<string, byte[]> CsvCells(bool raw)
    {
        // OWASP's advice on CSV injection: a leading apostrophe makes a spreadsheet take a formula for text.
        var options = CsvWriterOptions.Default with { Injection = raw ? CsvInjection.None : CsvInjection.Escape };
        var output = new MemoryStream();
        var csv = CsvWriter.Create(output, options);
        return text =>
        {
            csv.WriteField(text);
            csv.WriteField((string?)null);
            csv.EndRecord();
            csv.Flush();
            var cell = output.GetBuffer().AsSpan(0, (int)output.Length - ",\r\n".Length).ToArray();
            output.SetLength(0);
            return cell;
        };
    }
}
