using System.Globalization;
using Microsoft.Extensions.Primitives;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Insights;

/// <summary>What the page Adoption shows, and the address that says it.</summary>
public sealed record AdoptionView
{
    private static readonly string[] WhoNames = ["everyone", "still", "without", "silent"];

    /// <summary>Null until one is chosen.</summary>
    public string? Artifact { get; init; }

    public int Months { get; init; } = 6;

    public AdoptionWho Who { get; init; }

    /// <summary>The version two of the lists are about.</summary>
    public string? Version { get; init; }

    public string? Search { get; init; }

    public int Page { get; init; }

    /// <summary>Weeks up to today; months where there would be too many weeks.</summary>
    public InsightsRange Range(DateOnly today) => new InsightsView { Months = Months, Step = Months > 6 ? InsightsStep.Month : InsightsStep.Week }.Range(today);

    /// <summary>Reads a view; what cannot be read is left at its default.</summary>
    public static AdoptionView Parse(IReadOnlyDictionary<string, StringValues> query)
    {
        return new AdoptionView
        {
            Artifact = Text("artifact", Storage.Entities.Artifact.MaxName),
            Version = Text("version", ArtifactVersion.MaxName),
            Search = Text("search", PullFilterUrl.MaxText),
            Who = (AdoptionWho)Math.Max(0, Array.IndexOf(WhoNames, Text("who", 20))),
            Months = Number("months") is { } months && InsightsView.Spans.Contains(months) ? months : 6,
            Page = Number("page") is >= 1 and < 100_000 and var page ? page - 1 : 0,
        };

        string? Text(string name, int most) => query.TryGetValue(name, out var values) && values.FirstOrDefault() is { Length: > 0 } text && text.Length <= most ? text : null;

        int? Number(string name) => int.TryParse(Text(name, 8), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The address of the page with this view.</summary>
    public string Address()
    {
        (string Name, string? Value)[] parts =
        [
            ("artifact", Artifact), ("months", Months == 6 ? null : Months.ToString(CultureInfo.InvariantCulture)), ("who", Who == AdoptionWho.Everyone ? null : WhoNames[(int)Who]),
            ("version", Version), ("search", Search), ("page", Page == 0 ? null : (Page + 1).ToString(CultureInfo.InvariantCulture)),
        ];
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!).Replace("%2F", "/", StringComparison.Ordinal)}"));
        return query.Length == 0 ? "/insights/adoption" : $"/insights/adoption?{query}";
    }
}
