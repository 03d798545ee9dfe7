using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Analytics;

/// <summary>Where reports are found.</summary>
public static class ReportPaths
{
    /// <summary>The root of the publisher analytics API.</summary>
    public const string Api = "/api/publisher/analytics/v1";

    /// <summary>How long the address of a file works by itself, and so how long what is superseded can still be had.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    /// <summary>The address of a part of a revision of a report for who is signed in; without one, of the revision that is current when it is asked for.</summary>
    public static string Part(ReportKey key, int part, int? revision = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Api}/namespaces/{Uri.EscapeDataString(key.Namespace)}/pulls/exports/years/{key.Period.Year}/{ReportNames.Of(key.Period.Timespan)}/{key.Period.Number}/{ReportNames.Of(key.View)}/files/{part}{(revision is null ? "" : "?revision=")}{revision}");

    /// <summary>What stands for a namespace in the names of kept files, whatever it is called.</summary>
    internal static string Hash(string ns) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ns)).AsSpan(0, 8));
}
