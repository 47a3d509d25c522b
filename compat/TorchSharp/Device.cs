namespace TorchSharp;

public static partial class torch
{
    /// <summary>A device: its kind and, where there are several, its number. −1 is "the current one".</summary>
    public class Device
    {
        public DeviceType type { get; private set; } = DeviceType.CPU;

        public int index { get; private set; } = -1;

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public override string ToString()
        {
            var name = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index == -1 ? name : $"{name}:{index}";
        }
    }

    public static readonly Device CPU = new(DeviceType.CPU, -1);

    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
}
