namespace VendorPortal.Exports;

/// <summary>The formats pulls are exported in.</summary>
public enum ExportFormat
{
    /// <summary>RFC 4180: a header, commas, CRLF, UTF-8 without a byte order mark.</summary>
    Csv,

    /// <summary>One JSON object a line, with the names of the API.</summary>
    Ndjson,

    /// <summary>One JSON array of the same objects, a line each.</summary>
    Json,
}

/// <summary>How an export is written.</summary>
public sealed record ExportOptions
{
    public ExportFormat Format { get; init; }

    /// <summary>CSV: adds the columns beyond the seven of the Downloads page, by their names in the API. JSON has all unless some are chosen.</summary>
    public bool AllColumns { get; init; }

    /// <summary>The columns that were chosen, in their order; null where none were.</summary>
    internal IReadOnlyList<PullColumn>? Columns { get; init; }

    /// <summary>CSV: leaves cells as they are that a spreadsheet would run as a formula. For readers that are programs.</summary>
    public bool Raw { get; init; }

    /// <summary>The file is packed.</summary>
    public bool Gzip { get; init; }

    /// <summary>The type of what is written before it is packed.</summary>
    public string ContentType => Format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8",
        ExportFormat.Ndjson => "application/x-ndjson",
        _ => "application/json",
    };

    public string Extension => $"{ExportColumns.NameOf(Format)}{(Gzip ? ".gz" : "")}";
}
