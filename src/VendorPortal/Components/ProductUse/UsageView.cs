using VendorPortal.Usage;

namespace VendorPortal.Components.ProductUse;

/// <summary>What the page Usage shows, and the address that says it.</summary>
/// <param name="Period">The days up to today.</param>
/// <param name="Customer">A customer's name, <see cref="UsageReader.Unassigned"/>, or null for everyone.</param>
public sealed record UsageView(UsagePeriod Period, string? Customer)
{
    public static readonly UsageView Default = new(UsagePeriod.Month, null);

    /// <summary>Reads a view; what cannot be read is left at its default.</summary>
    public static UsageView Parse(string? period, string? customer) => new(UsagePeriods.Parse(period) ?? Default.Period, string.IsNullOrEmpty(customer) ? null : customer);

    /// <summary>The address of the page with this view.</summary>
    public string Address() => Query.Length == 0 ? "/usage" : "/usage?" + Query;

    /// <summary>The file of the people of this view.</summary>
    public string ExportAddress() => $"/api/v1/usage/users.csv?period={UsagePeriods.NameOf(Period)}{CustomerPart("&")}";

    private string Query => Period == Default.Period ? CustomerPart("") : $"period={UsagePeriods.NameOf(Period)}{CustomerPart("&")}";

    private string CustomerPart(string before) => Customer is null ? "" : $"{before}customer={Uri.EscapeDataString(Customer)}";
}
