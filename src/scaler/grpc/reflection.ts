import { type AnyDefinition, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';
import { packageDefinition } from '../../platform/protocol/external-scaler.ts';

/**
 * Creates the reflection service, with which tools such as grpcurl list the scaler and grpc.health.v1 and call them without a
 * .proto.
 */
export function createReflection(): ReflectionService {
  const health = loadSync(healthProtoPath, { keepCase: true });
  return new ReflectionService(withNamedMapEntries({ ...packageDefinition, ...health }));
}

/**
 * protobufjs names the entry message of a map after its field alone (`ScalerMetadata`); descriptor.proto demands
 * `ScalerMetadataEntry`, and Go clients refuse the whole service without it.
 */
function withNamedMapEntries(definition: PackageDefinition): PackageDefinition {
  return Object.fromEntries(Object.entries(definition).map(([name, one]) => [name, withNamedEntries(one)]));
}

function withNamedEntries(one: AnyDefinition): AnyDefinition {
  const files = 'fileDescriptorProtos' in one ? one.fileDescriptorProtos : undefined;
  if (!Array.isArray(files)) return one;
  return { ...one, fileDescriptorProtos: files.map(renameMapEntries) } as AnyDefinition;
}

function renameMapEntries(encoded: Buffer): Buffer {
  const file = descriptor.FileDescriptorProto.decode(encoded) as unknown as IFileDescriptorProto;
  for (const message of file.messageType ?? []) renameEntriesOf(message);
  return Buffer.from(descriptor.FileDescriptorProto.encode(file).finish());
}

function renameEntriesOf(message: IDescriptorProto): void {
  for (const entry of message.nestedType ?? []) {
    if (entry.options?.mapEntry !== true) continue;
    const oldName = entry.name;
    entry.name = `${oldName}Entry`;
    for (const field of message.field ?? []) if (field.typeName === oldName) field.typeName = entry.name;
  }
}
