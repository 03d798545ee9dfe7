using System.Net;

namespace VendorPortal.Hosting;

/// <summary>
/// The configuration, section <c>Portal</c>: environment variables <c>Portal__…</c>, command line or <c>appsettings.json</c>.
/// </summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>Where the embedded database and the keys live. Created at start.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; set; } = "http://localhost:8080";

    /// <summary>Connection string of the store; empty = <c>portal.db</c> in the data directory.</summary>
    public string? Database { get; set; }

    /// <summary>The address people and registries reach the portal at, for links and stanzas; empty = as requested.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Reverse proxies whose <c>X-Forwarded-*</c> headers are believed: addresses or CIDR ranges, separated by semicolons.
    /// The own machine always is.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    public LimitOptions Limits { get; set; } = new();

    public OwnerOptions Owner { get; set; } = new();

    public IngestOptions Ingest { get; set; } = new();

    public NetworkOptions Networks { get; set; } = new();

    public RetentionOptions Retention { get; set; } = new();

    public ReportOptions Reports { get; set; } = new();

    /// <summary>All that is wrong with these options, one line each; empty where they are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory))
            errors.Add("Portal:DataDirectory is empty; give a folder the portal may write to.");
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                errors.Add($"Portal:Urls has '{url}'; the form is http://host:port, several separated by semicolons.");
        }

        if (PublicUrl is { Length: > 0 } && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var pub) && pub.Scheme is "http" or "https"))
            errors.Add($"Portal:PublicUrl is '{PublicUrl}'; the form is https://host[:port].");
        foreach (var proxy in Parts(TrustedProxies).Where(proxy => !TryNetwork(proxy, out _)))
            errors.Add($"Portal:TrustedProxies has '{proxy}'; the form is an address or a range such as 10.0.0.0/8, several separated by semicolons.");
        if (Limits.ApiBurst < 1 || Limits.ApiPerSecond < 1 || Limits.SignInPerMinute < 1 || Limits.SetupPerMinute < 1)
            errors.Add("Portal:Limits: every limit must be at least 1.");
        if (string.IsNullOrEmpty(Owner.Email) != string.IsNullOrEmpty(Owner.Password))
            errors.Add("Portal:Owner needs both Email and Password, or neither.");
        if (Ingest.MaxBodyBytes < 1024)
            errors.Add("Portal:Ingest:MaxBodyBytes must be at least 1024.");
        if (Ingest.MaxEvents < 1)
            errors.Add("Portal:Ingest:MaxEvents must be at least 1.");
        if (Ingest.QueueRequests < 1)
            errors.Add("Portal:Ingest:QueueRequests must be at least 1.");
        if (Ingest.MaxImportBytes < 0)
            errors.Add("Portal:Ingest:MaxImportBytes must be a number of bytes, or 0 for files of any size.");
        if (Networks.MaxBytes is < 1 or > int.MaxValue)
            errors.Add($"Portal:Networks:MaxBytes must be between 1 and {int.MaxValue}.");
        if (Retention.JournalDays is < 0 or > RetentionOptions.MaxDays)
            errors.Add($"Portal:Retention:JournalDays must be a number of days from 1 to {RetentionOptions.MaxDays}, or 0 to keep requests for ever.");
        if (Retention.UsageDays is < 0 or > RetentionOptions.MaxDays)
            errors.Add($"Portal:Retention:UsageDays must be a number of days from 1 to {RetentionOptions.MaxDays}, or 0 to keep usage events for ever.");
        if (Reports.MaxPartBytes < ReportOptions.MinPartBytes)
            errors.Add($"Portal:Reports:MaxPartBytes must be at least {ReportOptions.MinPartBytes}.");
        return errors;
    }

    /// <summary>The networks of <see cref="TrustedProxies"/>; what cannot be read is left out, as <see cref="Validate"/> reports it.</summary>
    internal IEnumerable<IPNetwork> ProxyNetworks()
    {
        foreach (var proxy in Parts(TrustedProxies))
        {
            if (TryNetwork(proxy, out var network))
                yield return network;
        }
    }

    private static string[] Parts(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}

/// <summary>How often a caller may ask before the answer is 429.</summary>
public sealed class LimitOptions
{
    /// <summary>API requests a token or member may make at once.</summary>
    public int ApiBurst { get; set; } = 300;

    /// <summary>API requests a token or member may make in a second, lastingly.</summary>
    public int ApiPerSecond { get; set; } = 50;

    /// <summary>Sign-in tries of one address in a minute.</summary>
    public int SignInPerMinute { get; set; } = 30;

    /// <summary>Tries of the setup code from one address in a minute.</summary>
    public int SetupPerMinute { get; set; } = 10;
}

/// <summary>The first owner and vendor, created at first start where no account exists.</summary>
public sealed class OwnerOptions
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    /// <summary>Slug of the vendor.</summary>
    public string Vendor { get; set; } = "vendor";
}

/// <summary>Limits of receiving.</summary>
public sealed class IngestOptions
{
    /// <summary>Largest body of one post, in bytes.</summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most events in one post.</summary>
    public int MaxEvents { get; set; } = 10_000;

    /// <summary>Requests that may wait for a commit before posts are answered 429.</summary>
    public int QueueRequests { get; set; } = 50_000;

    /// <summary>Largest file that may be uploaded into a feed, in bytes as sent; 0 = of any size.</summary>
    public long MaxImportBytes { get; set; }
}

/// <summary>Files that tell country, organisation, cloud and type of networks.</summary>
public sealed class NetworkOptions
{
    /// <summary>The folder they are put into; empty = <c>networks</c> in the data directory. It need not exist.</summary>
    public string? Folder { get; set; }

    /// <summary>Most bytes of all files together: they are held in memory.</summary>
    public long MaxBytes { get; set; } = 512 * 1024 * 1024;

    internal string FolderIn(string dataDirectory) => string.IsNullOrWhiteSpace(Folder) ? Path.Combine(Path.GetFullPath(dataDirectory), "networks") : Path.GetFullPath(Folder);
}

/// <summary>How long what is kept is kept.</summary>
public sealed class RetentionOptions
{
    internal const int MaxDays = 36_500;

    /// <summary>Days that registry requests stay in the journal; 0 = for ever. Pulls always stay.</summary>
    public int JournalDays { get; set; } = 90;

    /// <summary>
    /// Days that usage events are kept; 0 = for ever. What each person did a day is kept as long, and at least for the longest period that is shown.
    /// </summary>
    public int UsageDays { get; set; } = 90;
}

/// <summary>Weekly and monthly reports.</summary>
public sealed class ReportOptions
{
    internal const int MinPartBytes = 4096;

    /// <summary>A report is split into files of at most so many bytes.</summary>
    public long MaxPartBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Where the reports of a vendor are kept.</summary>
    internal static string FolderIn(string dataDirectory, int vendorId) =>
        Path.Combine(Path.GetFullPath(dataDirectory), "reports", vendorId.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
