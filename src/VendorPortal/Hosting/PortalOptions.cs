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

    public OwnerOptions Owner { get; set; } = new();

    public IngestOptions Ingest { get; set; } = new();

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
        if (string.IsNullOrEmpty(Owner.Email) != string.IsNullOrEmpty(Owner.Password))
            errors.Add("Portal:Owner needs both Email and Password, or neither.");
        if (Ingest.MaxBodyBytes < 1024)
            errors.Add("Portal:Ingest:MaxBodyBytes must be at least 1024.");
        if (Ingest.QueueRequests < 1)
            errors.Add("Portal:Ingest:QueueRequests must be at least 1.");
        return errors;
    }
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
}
