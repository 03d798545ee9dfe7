using Microsoft.Extensions.Primitives;

namespace VendorPortal.Reports;

/// <summary>A parameter that could not be read: its name and what is accepted.</summary>
public sealed record FilterError(string Parameter, string Message);

/// <summary>
/// The filter as query parameters, the same for pages, API, exports and the command line:
/// <c>from to customer user address artifact version kind publishers</c>, and <c>zone</c> for bare dates (default UTC).
/// </summary>
public static class PullFilterUrl
{
    /// <summary>Reads a filter. Unknown parameters are left alone; what cannot be read is named in <paramref name="errors"/>.</summary>
    public static PullFilter Parse(IEnumerable<KeyValuePair<string, StringValues>> query, out IReadOnlyList<FilterError> errors) => throw new NotImplementedException();

    /// <summary>The parameters that stand for a filter, without a leading question mark; empty for the default filter. Midnights of the zone are written as bare dates.</summary>
    public static string Format(PullFilter filter, TimeZoneInfo zone) => throw new NotImplementedException();
}
