using System.Globalization;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary>What a list of members says of a person. Times in UTC.</summary>
public sealed record MemberFacts(string Username, string? Name, string? Email, string? Type, string? Role, string? Teams, DateTime? JoinedUtc, DateTime? LastLogInUtc)
{
    /// <summary>Trimmed and checked; teams with a comma and a space between them.</summary>
    /// <exception cref="InputException">A text cannot be used.</exception>
    public MemberFacts Clean() => new(
        InputException.Require("The user name", Username, ProductUser.MaxUsername),
        InputException.Optional("The name", Name, ProductUser.MaxName),
        CustomerDirectory.CheckEmail(Email),
        InputException.Optional("The type", Type, ProductUser.MaxType),
        InputException.Optional("The role", Role, ProductUser.MaxRole),
        CleanTeams(Teams),
        JoinedUtc, LastLogInUtc);

    /// <summary>A time of a list: RFC 3339 with an offset, or a day, which is its midnight in UTC. Null where there is none.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public static DateTime? CleanTime(string what, string? text)
    {
        if (InputException.Optional(what, text, 40) is not { } clean)
            return null;
        if (DateOnly.TryParseExact(clean, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return clean.AsSpan()[Math.Min(10, clean.Length)..].ContainsAny("Zz+-") && DateTimeOffset.TryParse(clean, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.UtcDateTime
            : throw new InputException($"{what} '{clean}' is no time; the form is 2026-05-01 or 2026-05-01T10:00:00Z.");
    }

    private static string? CleanTeams(string? teams) =>
        InputException.Optional("The teams", teams, ProductUser.MaxTeams) is { } text ? string.Join(", ", text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : null;
}

/// <summary>A person as they are listed. <see cref="Version"/> is the newest version they were seen with.</summary>
public sealed record MemberRow(int Id, int CustomerId, string? Customer, MemberFacts Facts, bool IsListed, DateTime? LastSeenUtc, string? Version, bool IsOptedOut);

/// <summary>What a list has changed.</summary>
public sealed record MembersChanged(int Added, int Changed, int Unchanged);
