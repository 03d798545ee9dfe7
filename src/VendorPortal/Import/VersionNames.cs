namespace VendorPortal.Import;

/// <summary>The texts of tags and digests by their ids, as far as an import has met them.</summary>
internal sealed class VersionNames
{
    private string?[] names = new string?[1_024];

    public string this[int id]
    {
        get => names[id] ?? throw new ArgumentOutOfRangeException(nameof(id), id, "No request of this import has the version.");
        set
        {
            if (id >= names.Length)
                Array.Resize(ref names, Math.Max(id + 1, names.Length * 2));
            names[id] = value;
        }
    }
}
