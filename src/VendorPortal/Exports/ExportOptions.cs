namespace VendorPortal.Exports;

/// <summary>The formats pulls are exported in.</summary>
public enum ExportFormat
{
    /// <summary>RFC 4180: a header, commas, CRLF, UTF-8 without a byte order mark.</summary>
    Csv,

    /// <summary>One JSON object a line, with the names of the API.</summary>
    Ndjson,
}

/// <summary>How an export is written.</summary>
public sealed record ExportOptions
{
    public ExportFormat Format { get; init; }

    /// <summary>CSV: adds the columns beyond the seven of the Downloads page, by their names in the API. NDJSON always has all.</summary>
    public bool AllColumns { get; init; }

    /// <summary>CSV: leaves cells as they are that a spreadsheet would run as a formula. For readers that are programs.</summary>
    public bool Raw { get; init; }

    public string ContentType => Format == ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";

    public string Extension => Format == ExportFormat.Csv ? "csv" : "ndjson";
}
