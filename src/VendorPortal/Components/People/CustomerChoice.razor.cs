using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;

namespace VendorPortal.Components.People;

/// <summary>Chooses a customer, an existing or a new one, and from when on.</summary>
public sealed partial class CustomerChoice : IDisposable
{
    private const string New = "new";

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<CustomerRow> customers = [];
    private string value = "";
    private string newName = "";
    private bool past;

    [Inject]
    public required CustomerReader Reader { get; init; }

    [Inject]
    public required CustomerDirectory Directory { get; init; }

    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    /// <summary>What is chosen at first.</summary>
    [Parameter]
    public int? CustomerId { get; set; }

    /// <summary>True where the customer counts for past pulls.</summary>
    public bool Past => past;

    /// <summary>The name of what is chosen, for saying what was done; null for none.</summary>
    public string? ChosenName => value == New ? newName.Trim() : customers.FirstOrDefault(c => Text(c.Id) == value)?.Name;

    /// <summary>The id of what is chosen, null for none; a new customer is made.</summary>
    /// <exception cref="InputException">The new name cannot be used.</exception>
    public async Task<int?> ResolveAsync()
    {
        if (value != New)
            return value.Length == 0 ? null : int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
        var id = await Directory.CreateCustomerAsync(VendorId, newName, CancellationToken.None);
        customers = await Reader.ReadAllCustomersAsync(VendorId, CancellationToken.None);
        value = Text(id); // what follows may fail, and is tried again then
        return id;
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        value = CustomerId is { } id ? Text(id) : "";
        customers = await Reader.ReadAllCustomersAsync(VendorId, ending.Token);
    }

    private Task ChooseAsync(string? chosen)
    {
        value = chosen ?? "";
        return Task.CompletedTask;
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
