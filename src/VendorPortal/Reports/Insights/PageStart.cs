namespace VendorPortal.Reports.Insights;

/// <summary>Where a page of a list begins that may have become shorter since the page was asked for.</summary>
internal static class PageStart
{
    /// <summary>The line <paramref name="skip"/>, or where the last page begins if that is earlier; the first line is 0.</summary>
    public static int Of(int skip, int take, int count) => Math.Clamp(skip, 0, Math.Max(0, (count - 1) / take * take));
}
