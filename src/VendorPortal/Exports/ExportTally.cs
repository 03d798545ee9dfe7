namespace VendorPortal.Exports;

/// <summary>How far an export has come; read by others while it is written.</summary>
public sealed class ExportTally
{
    private long rows;
    private long bytes;

    /// <summary>Rows that were handed on.</summary>
    public long Rows
    {
        get => Volatile.Read(ref rows);
        internal set => Volatile.Write(ref rows, value);
    }

    /// <summary>Bytes that were handed on, packed where the export is.</summary>
    public long Bytes
    {
        get => Volatile.Read(ref bytes);
        internal set => Volatile.Write(ref bytes, value);
    }
}
