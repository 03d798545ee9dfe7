using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>Says what an export will be, lets its form be chosen, and leads to the address that streams it.</summary>
public sealed partial class ExportDialog : ComponentBase, IDisposable
{
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private static readonly (ExportFormat Format, string Name, string Text)[] Formats =
    [
        (ExportFormat.Csv, "CSV", "for spreadsheets"), (ExportFormat.Ndjson, "NDJSON", "an object a line, for scripts"), (ExportFormat.Json, "JSON", "one array"),
    ];

    private readonly CancellationTokenSource closing = new();
    private readonly HashSet<string> chosen = [.. ExportColumns.Page.Select(ExportColumns.NameOf)];
    private ExportOptions options = new();
    private ColumnChoice columns;
    private ExportSize? size;
    private ExportList? list;
    private long rows;
    private int estimates;
    private bool failed;

    private enum ColumnChoice
    {
        Standard,
        All,
        Some,
    }

    [Inject]
    public required PullExport Export { get; init; }

    [Inject]
    public required PullReader Reader { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required ILogger<ExportDialog> Logger { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter]
    public Period? Period { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>Rows of the filter, where the page has counted them.</summary>
    [Parameter]
    public long? Total { get; set; }

    private string RowsText => $"{rows.ToString("N0", Numbers)} {(rows == 1 ? "pull" : "pulls")}";

    private string SizeText => $"{(size!.IsExact ? "" : "about ")}{ByteText.Of(size.Bytes)}";

    private string What => string.Join(" · ", FilterWords.Phrases(Filter).Select(p => $"{p.Label}: {p.Values}").Prepend(DayRange.Describe(Filter, Clock, Period)));

    // As in the query of the address: the order of the names, not of the clicks.
    private string? ColumnsValue => columns switch
    {
        ColumnChoice.All => "all",
        ColumnChoice.Some => string.Join(',', ExportColumns.Names.Where(chosen.Contains)),
        _ => null,
    };

    private string Href
    {
        get
        {
            var query = PullFilterUrl.Format(Filter, Clock.Zone);
            return $"/api/v1/artifact-pulls/export?format={ExportColumns.NameOf(options.Format)}{(ColumnsValue is { } value ? $"&columns={value}" : "")}{(options.Gzip ? "&gzip=true" : "")}{(query.Length > 0 ? "&" + query : "")}";
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    protected override Task OnInitializedAsync() => EstimateAsync();

    private async Task EstimateAsync()
    {
        var turn = ++estimates;
        var asked = ColumnsValue is { Length: > 0 } value ? ExportColumns.Apply(options, value)! : options;
        try
        {
            if (size is null)
                rows = Total ?? (await Reader.CountAsync(VendorId, Filter, closing.Token)).Count;
            var told = await Export.EstimateAsync(VendorId, Filter, asked, rows, closing.Token);
            if (turn == estimates) // else something else has been chosen meanwhile
                (size, failed) = (told, false);
        }
        catch (OperationCanceledException)
        {
            // The dialog is gone.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The size of an export could not be estimated");
            failed |= turn == estimates;
        }
    }

    private Task SetAsync(ExportOptions wanted)
    {
        options = wanted;
        if (columns == ColumnChoice.All && options.Format != ExportFormat.Csv)
            columns = ColumnChoice.Standard;
        return EstimateAsync();
    }

    private Task ChooseAsync(ColumnChoice choice)
    {
        columns = choice;
        return EstimateAsync();
    }

    private Task ToggleAsync(string name)
    {
        if (!chosen.Remove(name))
            chosen.Add(name);
        return EstimateAsync();
    }

    // The browser takes the file; the list below tells how far it is.
    private void Started() => list?.Watch();
}
