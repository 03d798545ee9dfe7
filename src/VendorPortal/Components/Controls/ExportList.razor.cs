using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Radzen;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Controls;

/// <summary>The vendor's newest exports, each with a link back to what it was of. Follows one that was just begun.</summary>
public sealed partial class ExportList : ComponentBase, IDisposable
{
    private const int Batch = 10;

    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    // An export that was asked for and has not begun by then was called off in the browser.
    private const int Patience = 10;

    private readonly CancellationTokenSource closing = new();
    private IReadOnlyList<ExportRecord>? records;
    private Dictionary<int, string> filters = [];
    private int most = Batch;
    private bool more;
    private ITimer? timer;
    private int patience;

    [Inject]
    public required ExportHistory History { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<ExportList> Logger { get; init; }

    /// <summary>From the verified sign-in of the page.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>Reads the list again while an export runs.</summary>
    public void Watch()
    {
        patience = Patience;
        timer ??= Time.CreateTimer(_ => _ = InvokeAsync(StepAsync), null, Step, Step);
    }

    public void Dispose()
    {
        timer?.Dispose();
        closing.Cancel();
        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync();
        if (records?.Any(record => record.Result == ExportResult.Running) == true)
            Watch();
    }

    private static string Words(ExportResult result) => result switch
    {
        ExportResult.Running => "running",
        ExportResult.Complete => "complete",
        ExportResult.Cancelled => "cancelled",
        _ => "failed",
    };

    // As the dialog tells it: the dates, then what is filtered.
    private string Filter(ExportRecord record)
    {
        var query = QueryHelpers.ParseQuery(record.Query);
        if (record.Format == ExportRecord.UsersFormat)
            return $"People of {(query.TryGetValue("customer", out var customer) ? customer.ToString() : "all customers")}";
        var filter = PullFilterUrl.Parse(query, out _);
        return string.Join(" · ", FilterWords.Phrases(filter).Select(phrase => $"{phrase.Label}: {phrase.Values}").Prepend(DayRange.Describe(filter, Clock)));
    }

    private Task MoreAsync()
    {
        most += Batch;
        return ReadAsync();
    }

    private async Task StepAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await ReadAsync();
        var runs = records?.Any(record => record.Result == ExportResult.Running) == true;
        if (!runs && --patience <= 0)
        {
            timer?.Dispose();
            timer = null;
        }

        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        try
        {
            var read = await History.ReadAsync(VendorId, most + 1, closing.Token);
            more = read.Count > most;
            filters = read.ToDictionary(record => record.Id, record => filters.GetValueOrDefault(record.Id) ?? Filter(record));
            records = [.. read.Take(most)];
        }
        catch (OperationCanceledException)
        {
            // The dialog is gone.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The history of exports could not be read"); // the export itself does not need it
        }
    }
}
