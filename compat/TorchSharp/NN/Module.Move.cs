using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <content>Moving a module to another device or element type.</content>
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                InitializeDeviceType(device.type);
                Convert(dtype, device.type == DeviceType.CUDA ? device : new Device(device.type, -1));
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                Convert(null, new Device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1));
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                Convert(dtype, null);
                return this;
            }

            /// <summary>
            /// The parameter in its new form, a leaf outside every dispose scope with its gradient beside it; null where nothing
            /// changes.
            /// </summary>
            internal static Parameter? Converted(Parameter parameter, ScalarType? dtype, Device? device)
            {
                var type = dtype is { } wanted && parameter.is_floating_point() ? wanted : parameter.dtype;
                var where = device ?? parameter.device;
                using var gradient = parameter.grad;
                if (!Differs(parameter, type, where) && (gradient is null || !Differs(gradient, type, where))) return null;
                using var _ = no_grad();
                var moved = new Parameter(parameter.to(type, where), parameter.requires_grad);
                moved.DetachFromDisposeScope();
                if (gradient is not null)
                {
                    using var movedGradient = gradient.to(type, where);
                    moved.grad = movedGradient;
                }

                return moved;
            }

            private static void RequireReal(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                {
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
                }
            }

            private static bool Differs(Tensor tensor, ScalarType dtype, Device device) =>
                tensor.dtype != dtype || tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index);

            private void Convert(ScalarType? dtype, Device? device)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, false);
                    else if (dtype is null) child._to(device.type, device.index, false);
                    else child._to(device, dtype.Value, false);
                }

                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (Converted(parameter, dtype, device) is not { } moved) continue;
                    if (Property(name) is { } property)
                    {
                        property.SetValue(this, moved);
                        continue;
                    }

                    parameter.Dispose();
                    Place(name, moved);
                    Field(name)?.SetValue(this, moved);
                }

                foreach (var (name, buffer) in named_buffers(false).ToList()) ConvertBuffer(name, buffer, dtype, device);
            }

            private void ConvertBuffer(string name, Tensor buffer, ScalarType? dtype, Device? device)
            {
                var type = dtype is { } wanted && buffer.is_floating_point() ? wanted : buffer.dtype;
                var where = device ?? buffer.device;
                if (!Differs(buffer, type, where)) return;
                var moved = buffer.to(type, where, disposeAfter: true).DetachFromDisposeScope();
                if (Property(name) is { } property)
                {
                    property.SetValue(this, moved);
                    return;
                }

                _buffers[name] = (moved, true);
                Field(name)?.SetValue(this, moved);
            }

            private PropertyInfo? Property(string name) => GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);

            private FieldInfo? Field(string name) => Fields().FirstOrDefault(field => NameOf(field) == name);
        }
    }
}
