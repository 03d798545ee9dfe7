using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>The query parameters of one call: reads each, collects what cannot be read, and answers with all of it at once.</summary>
internal sealed class ApiQuery(IQueryCollection query)
{
    public const int MaxLimit = 1000;

    private readonly List<FilterError> errors = [];

    public bool HasErrors => errors.Count > 0;

    public PullFilter Filter()
    {
        var filter = PullFilterUrl.Parse(query, out var found);
        errors.AddRange(found);
        if (Text("period") is not null)
            errors.Add(new FilterError("period", "period is a range of the page, which moves with its reader's clock and zone. Accepted: from and to."));
        return filter;
    }

    public int Limit(int absent)
    {
        if (Text("limit") is not { } text)
            return absent;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        Refuse("limit", text, $"a whole number from 1 to {MaxLimit}");
        return absent;
    }

    public long? Cursor(int vendorId)
    {
        if (Text("cursor") is not { } text)
            return null;
        if (PullCursor.TryParse(text, vendorId, out var id))
            return id;
        Refuse("cursor", text, "the nextCursor of an earlier page, unchanged");
        return null;
    }

    public ExportOptions Export()
    {
        var options = new ExportOptions
        {
            Format = Choice("format", ExportFormat.Csv, ("csv", ExportFormat.Csv), ("ndjson", ExportFormat.Ndjson), ("json", ExportFormat.Json)),
            Raw = Choice("raw", false, ("true", true), ("false", false)),
            Gzip = Choice("gzip", false, ("true", true), ("false", false)),
        };
        if (Text("columns") is not { } columns)
            return options;
        if (ExportColumns.Apply(options, columns) is { } chosen)
            return chosen;
        Refuse("columns", columns, ExportColumns.Accepted);
        return options;
    }

    /// <summary>A day; null where none is given.</summary>
    public DateOnly? Day(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
            return day;
        Refuse(name, text, "a day such as 2026-05-01");
        return null;
    }

    public T Choice<T>(string name, T absent, params (string Name, T Value)[] choices)
    {
        if (Text(name) is not { } text)
            return absent;
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Name, text, StringComparison.OrdinalIgnoreCase))
                return choice.Value;
        }

        Refuse(name, text, string.Join(" or ", choices.Select(choice => choice.Name)));
        return absent;
    }

    public string? Text(string name) => query.TryGetValue(name, out var values) && values.LastOrDefault() is { Length: > 0 } text ? text : null;

    public void Refuse(FilterError error) => errors.Add(error);

    public ValidationProblem Problem() => TypedResults.ValidationProblem(
        errors.GroupBy(error => error.Parameter, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray(), StringComparer.Ordinal),
        detail: string.Join(' ', errors.Take(3).Select(error => error.Message)),
        title: errors.Count == 1 ? $"The parameter {errors[0].Parameter} cannot be used." : "Some parameters cannot be used.");

    private void Refuse(string name, string text, string accepted) =>
        errors.Add(new FilterError(name, $"{name} '{(text.Length <= 60 ? text : text[..60] + "…")}' cannot be used. Accepted: {accepted}."));
}
